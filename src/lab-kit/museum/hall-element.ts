import { browserAndVersion } from '../../rtc/browser.ts';
import { engineOf, type Outcome } from '../claim/outcome.ts';
import { seenIn } from '../claim/define.ts';
import { copyText } from '../copy-text.ts';

type Pane = HTMLElement & { try(): Promise<readonly Outcome[]> };

/** How many exhibits run at a time: they wait more than they work. */
const LANES = 3;

/** `<museum-hall>`: runs every exhibit in this browser and fills the table with what came of it. */
class MuseumHall extends HTMLElement {
  connectedCallback(): void {
    this.querySelector('[data-run]')?.addEventListener('click', () => void this.run());
    this.querySelector('[data-copy]')?.addEventListener('click', () => void this.#copy());
    addEventListener('hashchange', this.#open);
    this.#open();
  }

  disconnectedCallback(): void {
    removeEventListener('hashchange', this.#open);
  }

  /** Runs the exhibits, those that open a camera only when that was ticked. Gives the ids of what came out otherwise. */
  async run(): Promise<readonly string[]> {
    const button = this.querySelector<HTMLButtonElement>('[data-run]');
    if (!button || button.ariaDisabled === 'true') return [];
    button.ariaDisabled = 'true';
    const mayAsk = this.querySelector<HTMLInputElement>('[data-ask]')?.checked ?? false;
    const rows = [...this.querySelectorAll<HTMLTableRowElement>('tr[data-exhibit]')].filter(
      (row) => mayAsk || !row.dataset['asks'],
    );
    const progress = this.querySelector('progress');
    if (progress) Object.assign(progress, { max: rows.length, value: 0 });
    for (const row of rows) this.#fill(row, []);
    this.#say(`Running ${rows.length} exhibits …`);
    const browser = browserAndVersion(navigator.userAgent);
    const head = this.querySelector('[data-browser]');
    if (head) head.textContent = `${browser}, now`;
    const otherwise: string[] = [];
    try {
      await customElements.whenDefined('claim-pane');
      const waiting = [...rows];
      const lane = async () => {
        for (let row = waiting.shift(); row; row = waiting.shift()) {
          const id = row.dataset['exhibit'] ?? '';
          const outcomes = (await this.querySelector<Pane>(`claim-pane[data-claim="${id}"]`)?.try()) ?? [];
          this.#fill(row, outcomes);
          if (outcomes.length === 0 || outcomes.some(({ agrees }) => agrees === false)) otherwise.push(id);
          if (progress) progress.value += 1;
        }
      };
      await Promise.all(Array.from({ length: LANES }, lane));
      this.#say(verdict(rows.length, otherwise.length, browser));
    } finally {
      button.ariaDisabled = 'false';
    }
    return otherwise;
  }

  #fill(row: HTMLTableRowElement, outcomes: readonly Outcome[]): void {
    const cell = row.querySelector<HTMLElement>('[data-here]');
    if (!cell) return;
    const line = (name: string, text: string, mark = '') => {
      const p = document.createElement('p');
      const label = Object.assign(document.createElement('span'), { textContent: name });
      p.append(label, ` ${text}${mark}`);
      return p;
    };
    cell.replaceChildren(
      ...outcomes.map(({ way, text, agrees }) =>
        line(way === 'wrong' ? 'old' : 'today', text, agrees === false ? ' ≠' : ''),
      ),
    );
    if (outcomes.length === 0) cell.textContent = '…';
    const isOther = outcomes.some(({ agrees }) => agrees === false);
    cell.dataset['comes'] = outcomes.length === 0 ? '' : isOther ? 'otherwise' : 'same';
  }

  #say(text: string): void {
    const status = this.querySelector('.museum-guide [role=status]');
    if (status) status.textContent = text;
  }

  /** As a table that a spreadsheet and a chat take: tabs between the columns. */
  async #copy(): Promise<void> {
    const cells = [...this.querySelectorAll<HTMLTableRowElement>('thead tr, tr[data-exhibit]')].map((row) =>
      [...row.cells].map((cell) =>
        [...(cell.querySelectorAll('p').length > 0 ? cell.querySelectorAll('p') : [cell])]
          .map((part) => (part.textContent ?? '').replace(/\s+/g, ' ').trim())
          .join(' · '),
      ),
    );
    const copied = await copyText(cells.map((row) => row.join('\t')).join('\n'));
    this.#say(copied ? 'The table is on the clipboard.' : 'The clipboard cannot be written here.');
  }

  /** A link to an exhibit opens it. */
  readonly #open = () => {
    const { hash } = location;
    if (!hash.startsWith('#exhibit-')) return;
    const exhibit = this.querySelector<HTMLDetailsElement>(`details[id="${CSS.escape(hash.slice(1))}"]`);
    if (!exhibit) return;
    exhibit.open = true;
    exhibit.scrollIntoView();
  };
}

function verdict(count: number, otherwise: number, browser: string): string {
  const engine = engineOf(navigator.userAgent);
  const here = `${count} exhibits ran just now in ${browser}`;
  if (!engine) return `${here}. We have tried them in ${seenIn.chromium} and ${seenIn.firefox} only.`;
  return otherwise === 0
    ? `${here}: all came out as in ${seenIn[engine]}.`
    : `${here}: ${count - otherwise} came out as in ${seenIn[engine]}, and ${otherwise} did not (≠). Browsers change; believe your own.`;
}

customElements.define('museum-hall', MuseumHall);
