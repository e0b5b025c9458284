import type { ReplaySession } from './session.ts';

/** `<replay-page>`: the welcome is plain HTML; its code comes at once, and the panels with the first file. */
class ReplayPage extends HTMLElement {
  #session: Promise<ReplaySession> | undefined;

  connectedCallback(): void {
    this.addEventListener('click', this.#firstClick);
    void this.load();
  }

  load(): Promise<ReplaySession> {
    this.#session ??= import('./mount.tsx').then(({ mountReplay }) => {
      this.removeEventListener('click', this.#firstClick);
      return mountReplay(this);
    });
    return this.#session;
  }

  /** A click that came before the code did is carried out once it is there. */
  readonly #firstClick = ({ target }: Event): void => {
    if (!(target instanceof Element) || !target.closest('[data-sample]')) return;
    void this.load().then((session) => session.openSample());
  };
}

customElements.define('replay-page', ReplayPage);
