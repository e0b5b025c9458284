import { signal } from '@preact/signals';

/** Something that a participant is told: read out by screen readers, shown for a while or until it is over. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  /** `polite` waits for a pause in speech, `assertive` does not. */
  readonly urgency: 'polite' | 'assertive';
  /** Path of the lesson that explains it. */
  readonly lesson?: string;
  /** What can be done about it here. */
  readonly action?: { readonly label: string; readonly act: () => void };
  /** Stays until `withdraw()`: a state, not an event. */
  readonly stays: boolean;
}

/** How long an event stays in sight, in milliseconds. */
const SHOWN_MS = 6_000;
/** The oldest go when there are more. */
const MOST = 5;

/** The notices of a meeting, the oldest first. */
export class Notices {
  readonly list = signal<readonly Notice[]>([]);
  readonly #signal: AbortSignal;
  #last = 0;

  constructor(end: AbortSignal) {
    this.#signal = end;
  }

  /** Tells an event, or with `stays` a state. @returns what takes it back */
  tell(text: string, options: Partial<Omit<Notice, 'id' | 'text'>> = {}): () => void {
    const notice: Notice = { urgency: 'polite', stays: false, ...options, text, id: ++this.#last };
    const withdraw = () => {
      this.list.value = this.list.value.filter(({ id }) => id !== notice.id);
    };
    if (this.#signal.aborted) return withdraw;
    this.list.value = [...this.list.value, notice].slice(-MOST);
    if (!notice.stays) {
      const timer = setTimeout(withdraw, SHOWN_MS);
      this.#signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    }
    return withdraw;
  }
}
