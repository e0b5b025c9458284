// everyone: that connection is not up
import type { Meeting } from './exercise.ts';

/** Everybody offers to everybody. */
export function meet(meeting: Meeting): void {
  for (const { id } of meeting.members) meeting.call(id, true);
  meeting.on('joined', ({ id }) => meeting.call(id, true));
  meeting.on('left', ({ id }) => meeting.hangUp(id));
}
