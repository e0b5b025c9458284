/** How busy the processor is in the words of the browser (Compute Pressure §4). */
export const pressures = ['nominal', 'fair', 'serious', 'critical'] as const;
export type Pressure = (typeof pressures)[number];

/** What a page can learn of its processor. No API tells its share of it. */
export interface ProcessorSample {
  /** How late the page's timers were at most in the last second, in milliseconds: so long its main thread was busy. */
  readonly lagMs: number;
  /** Of the whole machine; absent where the browser does not tell: it has no `PressureObserver`, or refuses. */
  readonly pressure?: Pressure;
}

interface PressureObserver {
  observe(source: 'cpu', options: { sampleInterval: number }): Promise<void>;
  disconnect(): void;
}
type PressureObserverType = new (
  tell: (records: readonly { readonly state: string }[]) => void,
) => PressureObserver;

const TICK_MS = 50;
const TOLD_EVERY_MS = 1_000;

/**
 * Tells once a second how busy page and machine are, until `signal` aborts. In a page out of sight, where browsers
 * slow timers down on purpose, it tells nothing.
 *
 * @see https://www.w3.org/TR/compute-pressure/
 */
export function watchProcessor(signal: AbortSignal, onSample: (sample: ProcessorSample) => void): void {
  if (signal.aborted) return;
  let pressure: Pressure | undefined;
  let [lagMs, dueMs, toldMs] = [0, performance.now() + TICK_MS, performance.now()];
  const tick = () => {
    const nowMs = performance.now();
    lagMs = Math.max(lagMs, nowMs - dueMs);
    dueMs = nowMs + TICK_MS;
    if (nowMs - toldMs < TOLD_EVERY_MS) return;
    if (!document.hidden) onSample({ lagMs, ...(pressure && { pressure }) });
    [lagMs, toldMs] = [0, nowMs];
  };
  const timer = setInterval(tick, TICK_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });

  const Observer = (globalThis as { PressureObserver?: PressureObserverType }).PressureObserver;
  if (!Observer) return;
  const observer = new Observer((records) => {
    const state = records.at(-1)?.state;
    pressure = pressures.find((one) => one === state);
  });
  // Refused where the machine has no such sensor, or a policy forbids it: then it is not told.
  observer.observe('cpu', { sampleInterval: TOLD_EVERY_MS }).catch(() => {});
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
}
