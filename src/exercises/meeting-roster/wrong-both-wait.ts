// everyone: that connection is not up
import type { Meeting } from './exercise.ts';

/** Everybody waits for the offer of everybody else. */
export function meet(meeting: Meeting): void {
  for (const { id } of meeting.members) meeting.call(id, false);
  meeting.on('joined', ({ id }) => meeting.call(id, false));
  meeting.on('left', ({ id }) => meeting.hangUp(id));
}
