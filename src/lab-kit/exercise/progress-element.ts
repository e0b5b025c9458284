import { download } from '../download.ts';
import { CHANGED } from './done.ts';

/** `<exercise-progress>`: takes the learner's progress out of this browser, brings it in, or forgets it. */
class ExerciseProgress extends HTMLElement {
  connectedCallback(): void {
    const on = (selector: string, event: string, act: (target: HTMLElement) => Promise<string>) =>
      this.querySelector<HTMLElement>(selector)?.addEventListener(event, ({ currentTarget }) => {
        act(currentTarget as HTMLElement).then(
          (words) => this.#say(words),
          (error: unknown) => this.#say(error instanceof Error ? error.message : String(error)),
        );
      });
    on('[data-export]', 'click', async () => {
      const store = await openStore();
      download(new File([store.export()], 'peerscope-progress.json', { type: 'application/json' }));
      return `${counted(store.ids().length)} in the file.`;
    });
    on('input[type=file]', 'change', async (input) => {
      const [file] = (input as HTMLInputElement).files ?? [];
      if (!file) return '';
      const text = await file.text();
      (input as HTMLInputElement).value = '';
      const count = (await openStore()).import(text);
      dispatchEvent(new Event(CHANGED));
      return `${counted(count)} from the file.`;
    });
    on('[data-clear]', 'click', async (button) => {
      if (!('sure' in button.dataset)) {
        button.dataset['sure'] = '';
        button.textContent = 'Really forget everything?';
        return 'Press the button again: this cannot be taken back.';
      }
      delete button.dataset['sure'];
      button.textContent = 'Forget everything';
      (await openStore()).clear();
      dispatchEvent(new Event(CHANGED));
      return 'Nothing is kept any more.';
    });
  }

  #say(words: string): void {
    const status = this.querySelector('[role=status]');
    if (status) status.textContent = words;
  }
}

const counted = (count: number) => (count === 1 ? '1 exercise' : `${count} exercises`);

/** The store and its schemas are fetched when they are needed. */
async function openStore() {
  const { ProgressStore } = await import('./store.ts');
  return new ProgressStore();
}

customElements.define('exercise-progress', ExerciseProgress);
