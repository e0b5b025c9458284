import type { Opened } from '../../rtc/recording/open.ts';
import type { Recording } from '../../rtc/recording/schema.ts';
import type { Entry } from '../../rtc/timeline.ts';

/** What the worker sends: the entries in portions, then the rest; or what is wrong. */
export type Chunk =
  | { readonly is: 'entries'; readonly entries: readonly Entry[] }
  | { readonly is: 'end'; readonly head: Omit<Recording, 'entries'> }
  | { readonly is: 'problem'; readonly problem: string };

/** The largest file that is opened is read within a few seconds. */
const LIMIT_MS = 60_000;

/** Opens a file in a worker of its own, which ends with the answer. Never rejects. */
export function readFile(blob: Blob, name: string): Promise<Opened> {
  const worker = new Worker(new URL('./read.worker.ts', import.meta.url), { type: 'module' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  return new Promise<Opened>((resolve) => {
    const entries: Entry[] = [];
    const fail = (problem: string) => resolve({ ok: false, problem });
    timer = setTimeout(
      () => fail(`“${name}” took more than a minute to read, so it was given up. Is it a recording at all?`),
      LIMIT_MS,
    );
    worker.addEventListener('message', ({ data }: MessageEvent<Chunk>) => {
      if (data.is === 'entries') entries.push(...data.entries);
      else if (data.is === 'problem') fail(data.problem);
      else resolve({ ok: true, recording: { ...data.head, entries } });
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      fail(`“${name}” could not be read: the browser had not enough memory, or did not load the reader.`);
    });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- to our own worker
    worker.postMessage({ blob, name });
  }).finally(() => (clearTimeout(timer), worker.terminate()));
}
