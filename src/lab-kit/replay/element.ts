import type { ReplaySession } from './session.ts';

/** `<replay-page>`: the welcome is plain HTML; its code comes at once, and the panels with the first file. */
class ReplayPage extends HTMLElement {
  #session: Promise<ReplaySession> | undefined;

  connectedCallback(): void {
    void this.load();
  }

  load(): Promise<ReplaySession> {
    this.#session ??= import('./mount.tsx').then(({ mountReplay }) => mountReplay(this));
    return this.#session;
  }
}

customElements.define('replay-page', ReplayPage);
