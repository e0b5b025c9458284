import '../../rtc/signaling/no-eval.ts';
import * as z from 'zod';
import { RtcError } from '../../rtc/errors.ts';
import { PREFIX } from './done.ts';

/** Longest code that is kept, in UTF-16 code units. */
const MAX_CODE = 50_000;

/** What this browser keeps of one exercise. */
const Progress = z.strictObject({
  /** The learner's own text; absent while it is the starter's. */
  code: z.exactOptional(z.string().max(MAX_CODE)),
  /** Cards in the learner's order. */
  order: z.exactOptional(z.array(z.string().max(40)).max(40)),
  /** Answers and choices by the id of their field or question. */
  answers: z.exactOptional(z.record(z.string().max(40), z.string().max(200))),
  /** Makes the same problem again. */
  seed: z.exactOptional(z.int().min(0).max(0xffff_ffff)),
  /** How many hints were read. */
  hints: z.exactOptional(z.int().min(0).max(3)),
  /** When all checks held for the first time, in milliseconds since 1970, and whether the solution had been seen. */
  done: z.exactOptional(z.strictObject({ atMs: z.number(), seen: z.boolean() })),
  /** Whether the solution was looked at. */
  seen: z.exactOptional(z.boolean()),
});
export type Progress = z.infer<typeof Progress>;

const File = z.strictObject({
  format: z.literal('peerscope-progress'),
  version: z.literal(1),
  exercises: z.record(z.string().regex(/^[a-z0-9-]{1,60}$/), Progress),
});

/** The least that is needed of `localStorage`. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** The learner's progress, in this browser and nowhere else. Storage that is full or forbidden is no error: it forgets. */
export class ProgressStore {
  readonly #shelf: Shelf | undefined;

  constructor(shelf: Shelf | undefined = storage()) {
    this.#shelf = shelf;
  }

  /** What is kept of an exercise; nothing where that cannot be read. */
  read(id: string): Progress {
    try {
      return Progress.parse(JSON.parse(this.#shelf?.getItem(PREFIX + id) ?? '{}'));
    } catch {
      return {};
    }
  }

  /** @returns whether it could be kept */
  write(id: string, progress: Progress): boolean {
    try {
      if (Object.keys(progress).length === 0) this.#shelf?.removeItem(PREFIX + id);
      else this.#shelf?.setItem(PREFIX + id, JSON.stringify(progress));
      return this.#shelf !== undefined;
    } catch {
      return false;
    }
  }

  /** The ids of the exercises of which something is kept. */
  ids(): string[] {
    const keys = Array.from(
      { length: this.#shelf?.length ?? 0 },
      (_, index) => this.#shelf?.key(index) ?? '',
    );
    return keys
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => key.slice(PREFIX.length))
      .toSorted();
  }

  /** Everything that is kept, as the text of a file. */
  export(): string {
    const exercises = Object.fromEntries(this.ids().map((id) => [id, this.read(id)]));
    return `${JSON.stringify({ format: 'peerscope-progress', version: 1, exercises }, null, 2)}\n`;
  }

  /**
   * Puts what a file holds in the place of what is kept of the same exercises; the others stay.
   *
   * @returns how many exercises came
   * @throws {RtcError} `bad-input` when it is no such file; nothing is changed then
   */
  import(text: string): number {
    let file: z.infer<typeof File>;
    try {
      file = File.parse(JSON.parse(text));
    } catch (cause) {
      const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined;
      const why = issue ? `${issue.path.join('.') || 'the file'}: ${issue.message}` : 'it is no JSON';
      throw new RtcError('bad-input', `This is not a file of progress from this site (${why}).`, { cause });
    }
    const entries = Object.entries(file.exercises);
    for (const [id, progress] of entries)
      if (!this.write(id, progress))
        throw new RtcError(
          'bad-input',
          'This browser does not let the page keep anything: its storage is full or forbidden.',
        );
    return entries.length;
  }

  clear(): void {
    for (const id of this.ids()) this.#shelf?.removeItem(PREFIX + id);
  }
}

function storage(): Shelf | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined; // forbidden for this page
  }
}
