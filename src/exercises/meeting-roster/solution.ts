import type { Meeting } from './exercise.ts';

/** Runs once in each page that joins the room. */
export function meet(meeting: Meeting): void {
  /** The page with which each of them is connected. */
  const pages = new Map<string, string>();

  for (const { id, page } of meeting.members) {
    pages.set(id, page);
    meeting.call(id, true); // the newcomer offers
  }
  meeting.on('joined', ({ id, page }) => {
    pages.set(id, page);
    meeting.call(id, false);
  });
  meeting.on('left', ({ id }) => {
    pages.delete(id);
    meeting.hangUp(id);
  });
  meeting.on('back', ({ id, page }) => {
    if (pages.get(id) === page) return; // the call has not been away
    pages.set(id, page);
    meeting.hangUp(id);
    meeting.call(id, false);
  });
}
