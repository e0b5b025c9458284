/**
 * Marks what is done: every element with `data-exercises="id id"` gets `data-done` when all of these exercises are.
 * On every page with such a list, so it is small and imports nothing.
 */

/** The name under which `localStorage` keeps an exercise, before its id. */
export const PREFIX = 'peerscope-exercise:';

/** Tells that something was done, or undone, in this page. */
export const CHANGED = 'peerscope-exercise-changed';

export function markDone(root: ParentNode = document): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-exercises]')) {
    const ids = element.dataset['exercises']?.split(' ').filter(Boolean) ?? [];
    const isDone = ids.length > 0 && ids.every(hasDone);
    element.toggleAttribute('data-done', isDone);
    const words = element.querySelector(':scope > .ps-done-words');
    if (isDone && !words)
      element.append(
        Object.assign(document.createElement('span'), {
          className: 'ps-done-words',
          textContent: ' (exercises done)',
        }),
      );
    if (!isDone) words?.remove();
  }
}

function hasDone(id: string): boolean {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PREFIX + id) ?? 'null');
    return typeof kept === 'object' && kept !== null && 'done' in kept;
  } catch {
    return false; // nothing can be read, so nothing is known
  }
}
