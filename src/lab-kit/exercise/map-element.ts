import { CHANGED } from './done.ts';
import './done-element.ts';

/** `<lesson-map>`: brings out the arrows of the lesson in hand, and counts what is done. */
class LessonMap extends HTMLElement {
  connectedCallback(): void {
    const light = ({ target }: Event) => this.#light(target);
    this.addEventListener('pointerover', light);
    this.addEventListener('focusin', light);
    this.addEventListener('pointerleave', () => this.#light(document.activeElement));
    this.addEventListener('focusout', () => this.#light(null));
    const count = () => this.#count();
    count();
    addEventListener(CHANGED, count);
    addEventListener('storage', count);
  }

  #light(target: EventTarget | null): void {
    const box = target instanceof Element ? target.closest<HTMLElement>('[data-number]') : null;
    const number = box?.dataset['number'];
    const near = new Set<string | undefined>([number]);
    for (const arrow of this.querySelectorAll<SVGElement>('[data-from]')) {
      const { from, to } = arrow.dataset;
      const isLit = number !== undefined && (from === number || to === number);
      arrow.toggleAttribute('data-lit', isLit);
      if (isLit) near.add(from).add(to);
    }
    for (const one of this.querySelectorAll<HTMLElement>('[data-number]'))
      one.toggleAttribute('data-lit', number !== undefined && near.has(one.dataset['number']));
  }

  #count(): void {
    const all = this.querySelectorAll('[data-exercises]').length;
    const done = this.querySelectorAll('[data-exercises][data-done]').length;
    const status = this.querySelector('[role=status]');
    if (status) status.textContent = `Exercises done: ${done} of ${all} lessons.`;
  }
}

customElements.define('lesson-map', LessonMap);
