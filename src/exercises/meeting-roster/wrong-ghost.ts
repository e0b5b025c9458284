// left: who has left
import type { Meeting } from './exercise.ts';

/** Waits for the connection to fail, which it does not for half a minute. */
export function meet(meeting: Meeting): void {
  for (const { id } of meeting.members) meeting.call(id, true);
  meeting.on('joined', ({ id }) => meeting.call(id, false));
}
