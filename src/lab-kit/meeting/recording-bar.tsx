import { clock } from './mix-recording-words.ts';
import { recordingOf } from './recording.ts';
import type { MeetingSession } from './session.ts';

/** What is being recorded, how long and how large, with the button that ends it; nothing while nothing is. */
export function RecordingBar({ session }: { readonly session: MeetingSession }) {
  const recording = recordingOf(session);
  const status = recording.status.value;
  if (status.is === 'off') return null;
  return (
    <p class="meet-recording">
      <span class="meet-recording-dot" aria-hidden="true" />
      <span>
        {status.is === 'finishing' ? 'The recording is being finished …' : 'You record this meeting'}
      </span>
      <span class="meet-recording-size">
        {clock(status.seconds)} · {(status.bytes / 1e6).toFixed(1)} MB
      </span>
      {status.is !== 'finishing' && (
        <button type="button" class="meet-small" onClick={() => void recording.stop()}>
          Stop recording
        </button>
      )}
    </p>
  );
}
