import type { CheckSession } from './session.ts';

/** `<check-page>`: the form is plain HTML until its code is there; what tests comes with the first check. */
class CheckPage extends HTMLElement {
  #session: Promise<CheckSession> | undefined;

  connectedCallback(): void {
    void this.load();
  }

  load(): Promise<CheckSession> {
    this.#session ??= import('./mount.tsx').then(({ mountCheck }) => mountCheck(this));
    return this.#session;
  }
}

customElements.define('check-page', CheckPage);
