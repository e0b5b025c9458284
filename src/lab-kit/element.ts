import type { LabSession } from './session.ts';
import { isTyping } from './typing.ts';

/**
 * `<lab-pane data-lab="…">`: a lab that is plain HTML until somebody wants it.
 *
 * Its code is fetched when the pointer or the keyboard comes near, and at once on a page that was opened by a link
 * with choices or an invitation in it (`?room=…`): reading a lesson costs no more than its text.
 */
class LabPane extends HTMLElement {
  #session: Promise<LabSession> | undefined;

  connectedCallback(): void {
    const load = () => void this.load();
    this.addEventListener('pointerenter', load, { once: true });
    this.addEventListener('focusin', load, { once: true });
    this.addEventListener('click', this.#firstClick);
    if (this.dataset['size'] === 'full') addEventListener('keydown', this.#firstKey);
    // A link that says how the lab is to be is read at once, so that what is wrong with it is told at once.
    if (location.search) void this.load().then((session) => (session.invited ? session.start() : undefined));
  }

  load(): Promise<LabSession> {
    this.#session ??= import('./mount.tsx').then(async ({ mountLab }) => {
      const session = await mountLab(this);
      this.removeEventListener('click', this.#firstClick);
      removeEventListener('keydown', this.#firstKey);
      return session;
    });
    return this.#session;
  }

  /** A click that came before the code did is carried out once it is there. */
  readonly #firstClick = (event: Event): void => {
    if (!(event.target instanceof Element)) return;
    const wantsRun = event.target.closest('[data-run]') !== null;
    const presents = event.target.closest('.lab-present') !== null;
    const tab = event.target.closest('[role=tab]')?.id;
    void this.load().then((session) => {
      if (wantsRun && session.state.value === 'idle') void session.start();
      else if (presents) session.presenting.value = true;
      else if (tab) document.getElementById(tab)?.click();
    });
  };

  /** The same for the key of presenter mode, on a lab's own page. */
  readonly #firstKey = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== 'p' || event.altKey || event.ctrlKey || event.metaKey || isTyping(event))
      return;
    void this.load().then((session) => (session.presenting.value = true));
  };
}

customElements.define('lab-pane', LabPane);
