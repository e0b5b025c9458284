/** The part of Pagefind's interface that we use (https://pagefind.app/docs/api/). */
interface Pagefind {
  options(options: { excerptLength: number }): Promise<void>;
  debouncedSearch(words: string): Promise<{ results: { data(): Promise<Found> }[] } | null>;
}
interface Found {
  readonly url: string;
  readonly meta: { readonly title?: string };
  /** HTML: the text around the match, escaped by Pagefind, with `<mark>` around the words. */
  readonly excerpt: string;
  readonly sub_results: readonly { readonly title: string; readonly url: string; readonly excerpt: string }[];
}

const MAX_PAGES = 8;

/** The button of the search and its dialog. Pagefind comes with the first opening, not with the page. */
export class SiteSearch extends HTMLElement {
  #pagefind: Promise<Pagefind> | undefined;

  connectedCallback(): void {
    const open = this.querySelector<HTMLButtonElement>('[data-open]');
    const input = this.querySelector('input');
    if (!open || !input) return;
    if (/Mac|iPhone|iPad/.test(navigator.userAgent)) {
      open.setAttribute('aria-keyshortcuts', 'Meta+K');
      const keys = open.querySelector('kbd');
      if (keys) keys.textContent = '⌘ K';
    }
    open.addEventListener('click', () => this.#open());
    addEventListener('keydown', (event) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.#open();
    });
    input.addEventListener('input', () => void this.#search(input.value.trim()));
    // Return opens the first result, as in every search; without one the dialog stays.
    this.querySelector('form')?.addEventListener('submit', (event) => {
      if (event.submitter && event.submitter !== this.querySelector('form button')) return;
      if (document.activeElement !== input) return;
      event.preventDefault();
      this.querySelector<HTMLAnchorElement>('ol a')?.click();
    });
    const dialog = this.querySelector('dialog');
    dialog?.addEventListener('click', ({ target }) => {
      const link = target instanceof Element && target.closest('a');
      if (target === dialog || link) dialog.close();
    });
  }

  #open(): void {
    const dialog = this.querySelector('dialog');
    if (!dialog || dialog.open) return;
    dialog.showModal();
    this.querySelector('input')?.select();
    this.#load().catch(() => this.#say('The search is made when the site is built; here it is not there.'));
  }

  #load(): Promise<Pagefind> {
    // A variable, so that the bundler leaves it alone: the file is written after the bundle.
    const path = `${import.meta.env.BASE_URL.replace(/\/$/, '')}/pagefind/pagefind.js`;
    const load = async () => {
      const pagefind: Pagefind = await import(/* @vite-ignore */ path);
      await pagefind.options({ excerptLength: 20 });
      return pagefind;
    };
    this.#pagefind ??= load();
    return this.#pagefind;
  }

  async #search(words: string): Promise<void> {
    if (!words) return this.#show([], '');
    const pagefind = await this.#load();
    const answer = await pagefind.debouncedSearch(words);
    if (!answer) return; // a later keystroke has its own search
    const pages = await Promise.all(answer.results.slice(0, MAX_PAGES).map((result) => result.data()));
    const count = answer.results.length;
    this.#show(
      pages,
      count === 0 ? `Nothing found for “${words}”.` : `${count} ${count === 1 ? 'page' : 'pages'}`,
    );
  }

  #show(pages: readonly Found[], words: string): void {
    this.#say(words);
    this.querySelector('ol')?.replaceChildren(...pages.map(resultOf));
  }

  #say(words: string): void {
    const status = this.querySelector('[role=status]');
    if (status) status.textContent = words;
  }
}

function resultOf({ url, meta, excerpt, sub_results }: Found): HTMLLIElement {
  const item = document.createElement('li');
  item.append(linkTo(url, meta.title ?? url, excerpt));
  const sections = sub_results.filter(({ title }) => title !== meta.title).slice(0, 2);
  for (const section of sections) {
    item.append(linkTo(section.url, section.title, section.excerpt, 'part'));
  }
  return item;
}

function linkTo(url: string, title: string, excerpt: string, className = ''): HTMLAnchorElement {
  const link = document.createElement('a');
  link.href = url;
  link.className = className;
  const heading = document.createElement('strong');
  heading.textContent = title;
  const text = document.createElement('span');
  text.innerHTML = excerpt; // escaped by Pagefind, from the site's own text
  link.append(heading, text);
  return link;
}
