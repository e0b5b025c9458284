/**
 * Timers that go on in a background tab: browsers slow down a hidden page's own timers to one a second, Chromium
 * after some minutes to one a minute, but not those of its workers.
 */

/** Starts the timer `id`, or stops it when there is no interval. */
export interface TickerOrder {
  readonly id: number;
  readonly intervalMs?: number;
}

const timers = new Map<number, ReturnType<typeof setInterval>>();

addEventListener('message', ({ data: { id, intervalMs } }: MessageEvent<TickerOrder>) => {
  clearInterval(timers.get(id));
  timers.delete(id);
  if (intervalMs !== undefined)
    timers.set(
      id,
      setInterval(() => postMessage(id), intervalMs),
    );
});
