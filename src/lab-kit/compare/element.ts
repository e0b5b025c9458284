import { isTyping } from '../typing.ts';
import type { CompareSession } from './session.ts';

/**
 * `<compare-page>`: the comparison is plain HTML until somebody wants it. Its code comes when the pointer or the keyboard
 * comes near, and at once where the address says what is to be compared.
 */
class ComparePage extends HTMLElement {
  #session: Promise<CompareSession> | undefined;

  connectedCallback(): void {
    const load = () => void this.load();
    this.addEventListener('pointerenter', load, { once: true });
    this.addEventListener('focusin', load, { once: true });
    this.addEventListener('click', this.#firstClick);
    addEventListener('keydown', this.#firstKey);
    if (location.search) load();
  }

  load(): Promise<CompareSession> {
    this.#session ??= import('./mount.tsx').then(async ({ mountCompare }) => {
      const session = await mountCompare(this);
      this.removeEventListener('click', this.#firstClick);
      removeEventListener('keydown', this.#firstKey);
      return session;
    });
    return this.#session;
  }

  /** A click that came before the code did is carried out once it is there. */
  readonly #firstClick = ({ target }: Event): void => {
    if (!(target instanceof Element)) return;
    const wantsRun = target.closest('[data-run]') !== null;
    const presents = target.closest('.lab-present') !== null;
    const tab = target.closest('[role=tab]')?.id;
    void this.load().then((session) => {
      if (wantsRun && session.state.value === 'idle') void session.start();
      else if (presents) session.presenting.value = true;
      else if (tab) document.getElementById(tab)?.click();
    });
  };

  readonly #firstKey = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== 'p' || event.altKey || event.ctrlKey || event.metaKey || isTyping(event))
      return;
    void this.load().then((session) => (session.presenting.value = true));
  };
}

customElements.define('compare-page', ComparePage);
