import { signal, type ReadonlySignal } from '@preact/signals';
import type { Bench } from '../../rtc/index.ts';
import type { MillCount, MillNews, MillOrder } from './mill.worker.ts';
import type { Work } from './works.ts';

/** A worker that frames are led through, for as long as a run lasts. */
export interface Mill {
  readonly worker: { postMessage(order: MillOrder, transfer: Transferable[]): void };
  /** Called with each frame that comes back to the page; it has to close it. */
  readonly onFrame: (taker: (frame: VideoFrame) => void) => void;
  readonly signal: AbortSignal;
}

/** What is shown of it. */
export interface MillView {
  readonly count: ReadonlySignal<MillCount | undefined>;
  /** Frames out a second, over the last count. */
  readonly rate: ReadonlySignal<number>;
  readonly problem: ReadonlySignal<string>;
}

const mills = new WeakMap<Bench<never> | Bench, MillView>();

/** The mill of a run, once it is open. */
export const millOf = (bench: Bench | null): MillView | undefined => (bench ? mills.get(bench) : undefined);

/** Starts the worker. It ends with the run. */
export function openMill(bench: Bench<{ readonly work: Work; readonly closes: 'yes' | 'no' }>): Mill {
  const worker = new Worker(new URL('./mill.worker.ts', import.meta.url), { type: 'module', name: 'frames' });
  const count = signal<MillCount | undefined>(undefined);
  const rate = signal(0);
  const problem = signal('');
  let taker: (frame: VideoFrame) => void = (frame) => frame.close();
  let lastMs = performance.now();
  worker.addEventListener('message', ({ data: news }: MessageEvent<MillNews>) => {
    if (news.is === 'frame') return taker(news.frame);
    if (news.is === 'problem') return void (problem.value = news.text);
    const nowMs = performance.now();
    const before = count.value?.framesOut ?? 0;
    // A mean of the last second or so: single quarters of a second jump.
    const now = ((news.count.framesOut - before) * 1000) / Math.max(1, nowMs - lastMs);
    rate.value = before === 0 ? now : rate.value * 0.7 + now * 0.3;
    lastMs = nowMs;
    count.value = news.count;
  });
  worker.addEventListener('error', () => (problem.value = 'The worker did not start.'));
  bench.signal.addEventListener('abort', () => worker.terminate(), { once: true });
  mills.set(bench, { count, rate, problem });
  const post: Mill['worker'] = {
    postMessage: (order, transfer) => worker.postMessage(order, transfer),
  };
  post.postMessage({ do: 'open', work: bench.controls.work, closes: bench.controls.closes === 'yes' }, []);
  return { worker: post, onFrame: (next) => (taker = next), signal: bench.signal };
}
