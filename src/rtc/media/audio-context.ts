/** One for the page: browsers limit their number, and each would ask for its own sound device. */
let context: AudioContext | undefined;
let users = 0;
let resting: ReturnType<typeof setTimeout> | undefined;

/**
 * How long it goes on when nobody uses it. Chromium 156 sometimes does not start again when it is asked right after it
 * was suspended: it says `running`, and its time stands still.
 */
const IDLE_MS = 3_000;

/**
 * The page's audio context, for as long as somebody uses it; then it gives the sound device back.
 *
 * A browser may let it stand still until the page has had a click or a key; then it starts by itself. Where a page may
 * use a microphone it starts at once. Firefox runs none without a sound device.
 *
 * @param signal ends this use of it
 */
export function holdAudioContext(signal: AbortSignal): AudioContext {
  const audio = (context ??= new AudioContext());
  if (signal.aborted) return audio;
  users += 1;
  clearTimeout(resting);
  // A suspended context stays so until it is asked again within a gesture, or after one.
  const start = () => void audio.resume();
  start();
  for (const gesture of ['pointerdown', 'pointerup', 'keydown'] as const)
    document.addEventListener(gesture, start, { capture: true, signal });
  signal.addEventListener(
    'abort',
    () => {
      users -= 1;
      if (users > 0) return;
      clearTimeout(resting);
      resting = setTimeout(() => void audio.suspend(), IDLE_MS);
    },
    { once: true },
  );
  return audio;
}
