// kept: ended a call that was in order
import type { Meeting } from './exercise.ts';

/** Takes each return for a reload. */
export function meet(meeting: Meeting): void {
  for (const { id } of meeting.members) meeting.call(id, true);
  meeting.on('joined', ({ id }) => meeting.call(id, false));
  meeting.on('left', ({ id }) => meeting.hangUp(id));
  meeting.on('back', ({ id }) => {
    meeting.hangUp(id);
    meeting.call(id, false);
  });
}
