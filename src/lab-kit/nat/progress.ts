/** Under which name `localStorage` keeps an exercise, before its id: the same for all exercises of the site. */
const PREFIX = 'peerscope-exercise:';
/** Tells the page that something was done, or undone. */
const CHANGED = 'peerscope-exercise-changed';

/** What this browser keeps of one exercise. */
export interface Kept {
  /** Answers by the id of their question. */
  readonly answers?: Readonly<Record<string, string>>;
  /** When it was done for the first time, in ms since 1970, and whether the solution had been seen. */
  readonly done?: { readonly atMs: number; readonly seen: boolean };
}

/** What was kept of an exercise; nothing where that cannot be read. */
export function recall(id: string): Kept {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PREFIX + id) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return {};
    const { answers, done } = kept as Record<string, unknown>;
    return {
      ...(isRecord(answers) && { answers: onlyTexts(answers) }),
      ...(isRecord(done) &&
        typeof done['atMs'] === 'number' && { done: { atMs: done['atMs'], seen: done['seen'] === true } }),
    };
  } catch {
    return {};
  }
}

/** Keeps it, in this browser and nowhere else. Storage that is full or forbidden is no error: it forgets. */
export function remember(id: string, kept: Kept): void {
  try {
    localStorage.setItem(PREFIX + id, JSON.stringify(kept));
  } catch {
    return;
  }
  dispatchEvent(new Event(CHANGED));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const onlyTexts = (record: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );
