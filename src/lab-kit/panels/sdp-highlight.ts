/** A piece of a line, and the class that gives its colour; '' for none. */
export type Token = readonly [text: string, name: string];
export interface HighlightRequest {
  readonly id: number;
  readonly sdp: string;
}
export interface HighlightAnswer {
  readonly id: number;
  readonly tokens: readonly (readonly Token[])[];
}

type Lines = HighlightAnswer['tokens'];

/** Descriptions whose colours are kept: some exchanges' worth, so that stepping back and forth costs nothing. */
const KEPT = 16;
const known = new Map<string, Promise<Lines>>();
const waiting = new Map<number, (tokens: Lines) => void>();
let worker: Worker | undefined;
let asked = 0;

/**
 * The lines of a description in coloured pieces. Until they come, and where no worker can be had, plain lines serve:
 * then the promise stays pending.
 */
export function highlightSdp(sdp: string): Promise<Lines> {
  const before = known.get(sdp);
  if (before) return before;
  const lines = new Promise<Lines>((resolve) => {
    const id = ++asked;
    waiting.set(id, resolve);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- to our own worker
    open().postMessage({ id, sdp } satisfies HighlightRequest);
  });
  known.set(sdp, lines);
  const [oldest] = known.keys();
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  return lines;
}

function open(): Worker {
  if (worker) return worker;
  worker = new Worker(new URL('./sdp-highlight.worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<HighlightAnswer>) => {
    waiting.get(data.id)?.(data.tokens);
    waiting.delete(data.id);
  });
  return worker;
}
