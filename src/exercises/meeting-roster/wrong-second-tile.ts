// reload: 2 tiles of cleo
import type { Meeting } from './exercise.ts';

/** Sees that the page is a new one, and leaves the old tile where it is. */
export function meet(meeting: Meeting): void {
  const pages = new Map<string, string>();
  for (const { id, page } of meeting.members) {
    pages.set(id, page);
    meeting.call(id, true);
  }
  meeting.on('joined', ({ id, page }) => {
    pages.set(id, page);
    meeting.call(id, false);
  });
  meeting.on('left', ({ id }) => meeting.hangUp(id));
  meeting.on('back', ({ id, page }) => {
    if (pages.get(id) !== page) meeting.call(id, false);
    pages.set(id, page);
  });
}
