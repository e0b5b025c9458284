/** `<glossary-search>`: leaves the words in sight that hold what was typed. Without a script all of them are. */
class GlossarySearch extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector('input');
    input?.addEventListener('input', () => this.#find(input.value.trim().toLowerCase()));
  }

  #find(wanted: string): void {
    const words = [...this.querySelectorAll<HTMLElement>('[data-names]')];
    for (const word of words) word.hidden = !matches(word, wanted);
    for (const section of this.querySelectorAll('section'))
      section.hidden = section.querySelector('[data-names]:not([hidden])') === null;
    const left = words.filter(({ hidden }) => !hidden).length;
    const status = this.querySelector('[role=status]');
    if (status) status.textContent = wanted === '' ? '' : counted(left);
  }
}

const matches = ({ dataset, textContent }: HTMLElement, wanted: string): boolean =>
  (dataset['names'] ?? '').includes(wanted) || (textContent ?? '').toLowerCase().includes(wanted);

function counted(left: number): string {
  if (left === 0) return 'No word has that in it.';
  return left === 1 ? '1 word' : `${left} words`;
}

customElements.define('glossary-search', GlossarySearch);
