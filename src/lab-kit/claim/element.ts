import type { Outcome } from './outcome.ts';

/** `<claim-pane data-claim="…">`: plain HTML with a button; its code is fetched when the button is pressed. */
class ClaimPane extends HTMLElement {
  connectedCallback(): void {
    this.querySelector('button')?.addEventListener('click', () => void this.try());
  }

  /** Runs each way once, one after the other, and shows what came of it. */
  async try(): Promise<readonly Outcome[]> {
    const button = this.querySelector('button');
    const status = this.querySelector('[role=status]');
    if (button?.ariaDisabled === 'true' || !status) return [];
    if (button) button.ariaDisabled = 'true';
    status.textContent = 'Running …';
    try {
      const { tryHere } = await import('./here.ts');
      const { outcomes, words } = await tryHere(this.dataset['claim'] ?? '');
      for (const { way, text } of outcomes) this.#show(way, text);
      status.textContent = words;
      return outcomes;
    } catch (error) {
      status.textContent = `It could not be tried: ${error instanceof Error ? error.message : String(error)}`;
      return [];
    } finally {
      if (button) button.ariaDisabled = 'false';
    }
  }

  #show(way: string, text: string): void {
    const here = this.querySelector(`[data-here=${way}]`);
    if (here) here.textContent = text;
  }
}

customElements.define('claim-pane', ClaimPane);
