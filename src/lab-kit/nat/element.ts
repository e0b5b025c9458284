/**
 * `<nat-part data-part="…">`: an island of the NAT lesson that is plain HTML until somebody comes to it: its code is
 * fetched when it scrolls into sight, or the keyboard gets there.
 */
class NatPart extends HTMLElement {
  #ready: Promise<void> | undefined;

  connectedCallback(): void {
    const load = () => void this.load();
    this.addEventListener('focusin', load, { once: true });
    this.addEventListener('click', this.#firstClick);
    const inSight = new IntersectionObserver((changes) => {
      if (!changes.some(({ isIntersecting }) => isIntersecting)) return;
      inSight.disconnect();
      load();
    });
    inSight.observe(this);
  }

  load(): Promise<void> {
    this.#ready ??= import('./mount.tsx').then(async ({ mountPart }) => {
      await mountPart(this);
      this.removeEventListener('click', this.#firstClick);
      this.dataset['ready'] = '';
    });
    return this.#ready;
  }

  /** A click that came before the code did is carried out once it is there, at the same place. */
  readonly #firstClick = ({ target, clientX, clientY }: MouseEvent): void => {
    if (!(target instanceof Element) || !target.closest('button, label')) return;
    void this.load().then(() => {
      const now = document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('button, label');
      if (now && this.contains(now)) now.click();
    });
  };
}

customElements.define('nat-part', NatPart);
