import { toRates } from './rates.ts';
import type { Report } from './report.ts';
import type { StatsSample } from './sample.ts';

export interface StatsSamplerOptions {
  /** Time between two questions, 100 or more; 1000 when left out. */
  readonly intervalMs?: number;
  /**
   * Whether to ask, an interval having passed; always when left out.
   *
   * @param sinceMs milliseconds since the last question, Infinity before the first
   */
  readonly wants?: (sinceMs: number) => boolean;
  /** Ends the sampling. */
  readonly signal: AbortSignal;
  readonly onSample: (sample: StatsSample) => void;
  /** Is given the report itself as well: nobody has to ask the browser twice. */
  readonly onReport?: (report: Report) => void;
}

/**
 * Asks a connection for its statistics at an interval and hands on what they say, as rates.
 *
 * It asks once per interval, and not again before the last question is answered: a busy page gets fewer samples, not
 * a queue of them. It ends with `signal`, or when the connection is closed. Nothing is handed on while there is nothing
 * to say, before the connection has a transport or a stream.
 *
 * @throws {RangeError} when the interval is below 100 ms
 */
export class StatsSampler {
  readonly #pc: Pick<RTCPeerConnection, 'getStats' | 'signalingState'>;
  readonly #intervalMs: number;
  readonly #wants: (sinceMs: number) => boolean;
  readonly #signal: AbortSignal;
  readonly #onSample: (sample: StatsSample) => void;
  readonly #onReport: ((report: Report) => void) | undefined;
  #previous: RTCStatsReport | undefined;
  #askedMs = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    pc: Pick<RTCPeerConnection, 'getStats' | 'signalingState'>,
    { intervalMs = 1000, wants = () => true, signal, onSample, onReport }: StatsSamplerOptions,
  ) {
    if (!(intervalMs >= 100)) throw new RangeError(`intervalMs is ${intervalMs}: 100 or more`);
    this.#pc = pc;
    this.#intervalMs = intervalMs;
    this.#wants = wants;
    this.#signal = signal;
    this.#onSample = onSample;
    this.#onReport = onReport;
    signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
    this.#schedule(performance.now() + intervalMs);
  }

  #schedule(dueMs: number): void {
    if (this.#over) return;
    this.#timer = setTimeout(() => void this.#ask(dueMs), Math.max(0, dueMs - performance.now()));
  }

  /** @param dueMs when this question was due, by `performance.now()`: the next one is due an interval later */
  async #ask(dueMs: number): Promise<void> {
    if (this.#over) return;
    // A timer that comes early by a little is on time.
    if (!this.#wants(performance.now() - this.#askedMs + 50)) return this.#schedule(dueMs + this.#intervalMs);
    this.#askedMs = performance.now();
    const report = await this.#pc.getStats().catch((error: unknown) => {
      // One missing sample is no reason to end a run, nor to end the sampling: the next question may be answered.
      console.warn('getStats() failed:', error);
    });
    if (this.#over) return;
    if (report) {
      this.#handOn(report);
      this.#onReport?.(report);
    }
    // In step with the first one; questions that were missed meanwhile are not made up for.
    const missed = Math.max(0, Math.floor((performance.now() - dueMs) / this.#intervalMs));
    this.#schedule(dueMs + (missed + 1) * this.#intervalMs);
  }

  #handOn(report: RTCStatsReport): void {
    const rates = toRates(this.#previous, report);
    this.#previous = report;
    if (rates.transport || rates.candidatePair || rates.outbound.length > 0 || rates.inbound.length > 0)
      this.#onSample({ atMs: performance.now(), ...rates });
  }

  get #over(): boolean {
    return this.#signal.aborted || this.#pc.signalingState === 'closed';
  }
}
