import { place } from './place.ts';

/**
 * Shows what a word of the glossary means beside its link: `<a data-term="…">`, on hover and on keyboard focus.
 *
 * The words are fetched at the first one. A tap follows the link instead. The card stays while the pointer is on it,
 * Escape closes it, and it lies above the page: nothing moves.
 */
const LINGER_MS = 180;

let card: HTMLElement | undefined;
let shownFor: HTMLElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

const linkOf = (target: EventTarget | null) =>
  target instanceof Element ? target.closest<HTMLElement>('a[data-term]') : null;

document.addEventListener('pointerover', ({ target, pointerType }) => {
  if (pointerType === 'touch') return;
  const link = linkOf(target);
  if (link) later(() => void show(link));
  else if (card?.contains(target as Node)) clearTimeout(timer);
  else if (shownFor && document.activeElement !== shownFor) later(hide);
});
document.addEventListener('focusin', ({ target }) => {
  const link = linkOf(target);
  if (link?.matches(':focus-visible')) void show(link);
  else hide();
});
document.addEventListener('focusout', () => hide());
document.addEventListener('keydown', ({ key }) => key === 'Escape' && hide());
// A link that takes the focus may scroll the page: the card goes with it.
addEventListener('scroll', follow, { passive: true });

function follow(): void {
  if (!card || !shownFor) return;
  const { bottom, top } = shownFor.getBoundingClientRect();
  if (bottom < 0 || top > innerHeight) hide();
  else if (card.matches(':popover-open')) place(card, shownFor);
}

function later(act: () => void): void {
  clearTimeout(timer);
  timer = setTimeout(act, LINGER_MS);
}

function hide(): void {
  clearTimeout(timer);
  if (!card || !shownFor) return;
  shownFor.removeAttribute('aria-describedby');
  shownFor = undefined;
  card.hidePopover();
}

async function show(link: HTMLElement): Promise<void> {
  if (shownFor === link) return clearTimeout(timer);
  hide();
  shownFor = link;
  const { meaningOf } = await import('./meaning.ts');
  const meaning = meaningOf(link.dataset['term'] ?? '');
  if (!meaning || shownFor !== link) return;
  card ??= makeCard();
  card.replaceChildren(meaning);
  card.showPopover();
  place(card, link);
  link.setAttribute('aria-describedby', card.id);
}

function makeCard(): HTMLElement {
  const element = Object.assign(document.createElement('div'), { id: 'term-card', className: 'term-card' });
  element.popover = 'manual';
  element.role = 'tooltip';
  document.body.append(element);
  return element;
}
