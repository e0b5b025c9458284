/** Puts a card under a link, or above it where there is more room, within the window. */
export function place(card: HTMLElement, link: Element): void {
  const gap = 6;
  const edge = 8;
  const [line] = link.getClientRects();
  const { left, top, bottom } = line ?? link.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const room = document.documentElement.clientWidth - width - edge;
  const below = bottom + gap + height <= innerHeight - edge;
  card.style.left = `${Math.max(edge, Math.min(left, room))}px`;
  card.style.top = `${Math.max(edge, below ? bottom + gap : top - gap - height)}px`;
}
