import type { RoomError } from '../../rtc/signaling/room-client.ts';
import { mixRecordingsOf } from './mix-recording.ts';
import { KeptMixes } from './mix-recording-bars.tsx';
import type { MeetingSession } from './session.ts';
import { keptWords } from './mix-recording-words.ts';
import { endWords } from './words.ts';

/** After a meeting, or instead of one: why, and how to go on. */
export function Over({
  session,
  error,
}: {
  readonly session: MeetingSession;
  readonly error: RoomError | undefined;
}) {
  const { kept, hasGoneOn } = mixRecordingsOf(session);
  return (
    <div class="meet-over" role="status">
      <h2>{endWords(error)}</h2>
      {error && <p>{error.help}</p>}
      {!error && (
        <p>
          Camera and microphone are off.{' '}
          {keptWords({ isKept: kept.value.length > 0, goesOn: hasGoneOn.value })}
        </p>
      )}
      <KeptMixes session={session} />
      <p class="meet-join">
        <button type="button" class="meet-primary" onClick={() => void session.prepare()}>
          Join again
        </button>
        <a href="/meet/">Another meeting</a>
      </p>
    </div>
  );
}

/** In front of a meeting whose host lets people in one by one. */
export function Lobby({ session }: { readonly session: MeetingSession }) {
  return (
    <div class="meet-over" role="status">
      <h2>You are in the lobby.</h2>
      <p>The host has been told that you are here, and lets you in. This page goes on by itself.</p>
      <p class="meet-join">
        <button type="button" class="meet-small" onClick={() => session.giveUp()}>
          Not now
        </button>
      </p>
    </div>
  );
}
