import type { Meeting } from './exercise.ts';

/** Runs once in each page that joins the room. */
export function meet(meeting: Meeting): void {
  for (const { id } of meeting.members) meeting.call(id, true);
}
