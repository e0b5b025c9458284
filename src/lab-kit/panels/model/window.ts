/** Rows `first` … `last − 1` of a list that are worth having in the document. */
export interface Window {
  readonly first: number;
  readonly last: number;
}

/** Rows kept beyond each edge, so that a flick of the wheel does not show an empty list before the next frame. */
export const OVERSCAN = 8;

/**
 * The rows to draw of a list with rows of one height.
 *
 * @param scrollTop  pixels scrolled, 0 or more
 * @param viewHeight height of the visible part in pixels
 * @param rowHeight  height of a row in pixels, more than 0
 */
export function windowOf(scrollTop: number, viewHeight: number, rowHeight: number, count: number): Window {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - OVERSCAN);
  const last = Math.min(count, Math.ceil((scrollTop + viewHeight) / rowHeight) + OVERSCAN);
  return { first: Math.min(first, last), last };
}

/** Where to scroll so that a row is in view: nowhere when it is, to the middle when it is far off, else to the edge. */
export function scrollTo(row: number, scrollTop: number, viewHeight: number, rowHeight: number): number {
  const top = row * rowHeight;
  const bottom = top + rowHeight;
  if (top >= scrollTop && bottom <= scrollTop + viewHeight) return scrollTop;
  const isFar = bottom < scrollTop - rowHeight || top > scrollTop + viewHeight + rowHeight;
  if (isFar) return Math.max(0, top - (viewHeight - rowHeight) / 2);
  return top < scrollTop ? top : bottom - viewHeight;
}
