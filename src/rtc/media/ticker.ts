import type { TickerOrder } from './ticker.worker.ts';

const callbacks = new Map<number, () => void>();
let worker: Worker | undefined;
let lastId = 0;

/**
 * Like `setInterval`, also in a background tab, where the page's own timers run once a second.
 * With two tabs in a call one of them is always in the background.
 *
 * One worker serves all; it ends with the last timer.
 *
 * @param intervalMs 1 or more; browsers round it down to a whole number
 * @param signal ends the timer
 */
export function every(intervalMs: number, callback: () => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  const id = ++lastId;
  callbacks.set(id, callback);
  order({ id, intervalMs });
  const stop = () => {
    callbacks.delete(id);
    order({ id });
    if (callbacks.size > 0) return;
    worker?.terminate();
    worker = undefined;
  };
  signal.addEventListener('abort', stop, { once: true });
}

function order(message: TickerOrder): void {
  worker ??= startWorker();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
  worker.postMessage(message);
}

function startWorker(): Worker {
  const started = new Worker(new URL('./ticker.worker.ts', import.meta.url), {
    type: 'module',
    name: 'ticker',
  });
  started.addEventListener('message', ({ data }: MessageEvent<number>) => callbacks.get(data)?.());
  started.addEventListener('error', () =>
    console.error('The ticker did not start: synthetic pictures stand still.'),
  );
  return started;
}
