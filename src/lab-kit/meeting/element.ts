import type { MeetingSession } from './session.ts';

/** `<meet-page>`: its code comes at once, since only that can read the address. */
class MeetPage extends HTMLElement {
  #session: Promise<MeetingSession | null> | undefined;

  connectedCallback(): void {
    void this.load();
  }

  /** Null where the address names no meeting. */
  load(): Promise<MeetingSession | null> {
    this.#session ??= import('./mount.tsx').then(({ mountMeet }) => mountMeet(this));
    return this.#session;
  }
}

customElements.define('meet-page', MeetPage);
