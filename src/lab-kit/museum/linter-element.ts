import type { Finding, Linted } from '../../rtc/legacy/source.ts';
import { copyText } from '../copy-text.ts';

/** How long after the last key the text is read again, in milliseconds. */
const PAUSE_MS = 400;

/** `<legacy-linter>`: a text field, and what is dead in it. The parser is fetched with the first reading. */
class LegacyLinter extends HTMLElement {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isUsed = false;

  connectedCallback(): void {
    const field = this.#field;
    this.querySelector('[data-read]')?.addEventListener('click', () => void this.read());
    this.querySelector('[data-copy]')?.addEventListener('click', () => void this.#copy());
    this.querySelector('[data-sample]')?.addEventListener('click', () => void this.#sample());
    field?.addEventListener('input', () => {
      clearTimeout(this.#timer);
      if (this.#isUsed) this.#timer = setTimeout(() => void this.read(), PAUSE_MS);
    });
    field?.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void this.read();
    });
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
  }

  /** Reads what is in the field, and tells what is dead in it. */
  async read(): Promise<readonly Finding[]> {
    clearTimeout(this.#timer);
    this.#isUsed = true;
    const source = this.#field?.value ?? '';
    const list = this.querySelector('ol');
    list?.replaceChildren();
    if (source.trim() === '') {
      this.#say('There is nothing to read. Paste some code, or take the call of 2013.');
      return [];
    }
    try {
      const { lintSource } = await import('../../rtc/legacy/source.ts');
      const { fateWords, legacyWords } = await import('../../rtc/legacy/words.ts');
      const linted = lintSource(source);
      list?.replaceChildren(
        ...linted.findings.map((finding) => {
          const { was, fate, modern, why, lesson } = legacyWords[finding.id];
          const item = document.createElement('li');
          const place = Object.assign(document.createElement('button'), {
            type: 'button',
            textContent: `Line ${finding.line}`,
            title: 'Show it in the text',
          });
          place.addEventListener('click', () => this.#show(finding));
          const head = element('p', 'linter-was', place, ' ', ...withCode(was));
          head.append(element('span', 'linter-fate', fateWords[fate]));
          item.append(
            head,
            element('p', '', ...withCode(why)),
            element('pre', '', element('code', '', modern)),
            element(
              'p',
              '',
              Object.assign(document.createElement('a'), { href: lesson, textContent: 'The lesson' }),
            ),
          );
          return item;
        }),
      );
      this.#say(summary(linted, source));
      return linted.findings;
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
      return [];
    }
  }

  get #field(): HTMLTextAreaElement | null {
    return this.querySelector('textarea');
  }

  #say(text: string): void {
    const status = this.querySelector('[role=status]');
    if (status) status.textContent = text;
  }

  #show({ line, from, to }: Finding): void {
    const field = this.#field;
    if (!field) return;
    field.focus();
    field.setSelectionRange(from, to);
    const height = Number.parseFloat(getComputedStyle(field).lineHeight) || 20;
    field.scrollTop = Math.max(0, (line - 3) * height);
  }

  async #sample(): Promise<void> {
    const { default: sample } = await import('./call-of-2013.txt?raw');
    if (this.#field) this.#field.value = sample;
    await this.read();
  }

  async #copy(): Promise<void> {
    const { findingWords, lintSource } = await import('../../rtc/legacy/source.ts');
    const text = lintSource(this.#field?.value ?? '')
      .findings.map(findingWords)
      .join('\n');
    if (text === '') this.#say('There is nothing to copy.');
    else this.#say((await copyText(text)) ? 'Copied.' : 'The clipboard cannot be written here.');
  }
}

function summary({ findings, broken }: Linted, source: string): string {
  const lines = new Set(findings.map(({ line }) => line)).size;
  const found =
    findings.length === 0
      ? 'Nothing was found that the linter knows'
      : `${findings.length} found, in ${lines} of ${source.trimEnd().split('\n').length} lines`;
  return broken ? `Line ${broken.line}: ${broken.text} ${found} in what can be read.` : `${found}.`;
}

function element(name: string, className: string, ...content: (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/** Text with `code` between backticks, as nodes. */
const withCode = (text: string): (Node | string)[] =>
  text.split('`').map((part, index) => (index % 2 === 1 ? element('code', '', part) : part));

customElements.define('legacy-linter', LegacyLinter);
