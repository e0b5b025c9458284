import type { ExerciseSession } from './session.ts';
import './done-element.ts';

/**
 * `<exercise-pane data-exercise="…">`: an exercise that is plain HTML until somebody wants it.
 *
 * Its code is fetched when the pointer or the keyboard comes near; the editor when it is opened.
 */
class ExercisePane extends HTMLElement {
  #session: Promise<ExerciseSession> | undefined;

  connectedCallback(): void {
    const load = () => void this.load();
    this.addEventListener('pointerenter', load, { once: true });
    this.addEventListener('focusin', load, { once: true });
    this.addEventListener('click', this.#firstClick);
    this.addEventListener('change', this.#firstChange);
  }

  load(): Promise<ExerciseSession> {
    this.#session ??= import('./mount.tsx').then(async ({ mountExercise }) => {
      const session = await mountExercise(this);
      this.removeEventListener('click', this.#firstClick);
      this.removeEventListener('change', this.#firstChange);
      return session;
    });
    return this.#session;
  }

  /** A click that came before the code did is carried out once it is there. */
  readonly #firstClick = (event: Event): void => {
    const control = event.target instanceof Element ? event.target.closest('button, .ex-code-box') : null;
    if (!(control instanceof HTMLElement)) return;
    const all = () => [...this.querySelectorAll<HTMLElement>('button, .ex-code-box')];
    const place = all().indexOf(control);
    void this.load().then(() => all()[place]?.click());
  };

  /** A choice that was made before the code came is made again. */
  readonly #firstChange = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    const all = () => [...this.querySelectorAll('input')];
    const place = all().indexOf(event.target);
    const { checked, value, type } = event.target;
    void this.load().then(() => {
      const input = all()[place];
      if (input && type === 'radio' && checked) input.click();
      else if (input) {
        input.value = value;
        input.dispatchEvent(new Event('input', { bubbles: true }));
      }
    });
  };
}

customElements.define('exercise-pane', ExercisePane);
