import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { LocalMedia } from '../../rtc/meeting/media/local-media.ts';

/** Above this the microphone hears something. */
const HEARD = 0.25;
/** How long the words stay after a sound, in milliseconds. */
const LINGER_MS = 1_500;

/** How loud the own microphone is: a bar that moves, and words that do not flicker. */
export function LevelMeter({ media }: { readonly media: LocalMedia }) {
  const bar = useRef<HTMLSpanElement>(null);
  const isHeard = useSignal(false);
  useEffect(() => {
    let lastMs = -Infinity;
    let handle = requestAnimationFrame(function look(nowMs) {
      const level = media.level();
      if (bar.current) bar.current.style.scale = `${level.toFixed(3)} 1`;
      if (level >= HEARD) lastMs = nowMs;
      isHeard.value = nowMs - lastMs < LINGER_MS;
      handle = requestAnimationFrame(look);
    });
    return () => cancelAnimationFrame(handle);
  }, [media]);
  return (
    <p class="meet-level">
      <span class="meet-level-bar" aria-hidden="true">
        <span ref={bar} />
      </span>
      {isHeard.value ? 'The microphone hears you.' : 'The microphone hears nothing now.'}
    </p>
  );
}
