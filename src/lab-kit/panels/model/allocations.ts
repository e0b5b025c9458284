import type { AllocationSample, Traffic } from '../../../rtc/stun/allocation.ts';
import { fold, type Fold } from './fold.ts';

/** An allocation at the latest moment that was told, and how fast it relayed since the moment before. */
export interface AllocationRow {
  readonly sample: AllocationSample;
  /** When that was, by the clock of the run. Milliseconds. */
  readonly atMs: number;
  /** Bits per second that were relayed for the client and to it; undefined before there is a second sample. */
  readonly upBps?: number;
  readonly downBps?: number;
}

export interface Allocations {
  rows: readonly AllocationRow[];
  /** How many have been and are gone. */
  gone: number;
  /** Whether anything was told at all. */
  known: boolean;
}

/** What the peers hold at the server, from the latest entry that tells. */
export function allocationsFold(): Fold<Allocations> {
  return fold<Allocations>(
    () => ({ rows: [], gone: 0, known: false }),
    (state, entry) => {
      if (entry.kind !== 'allocations') return;
      const before = new Map(state.rows.map((row) => [keyOf(row.sample), row]));
      state.known = true;
      state.rows = entry.list.map((sample) => {
        const last = before.get(keyOf(sample));
        before.delete(keyOf(sample));
        const spanMs = last ? entry.atMs - last.atMs : 0;
        if (!last || spanMs <= 0) return { sample, atMs: entry.atMs };
        return {
          sample,
          atMs: entry.atMs,
          upBps: rate(last.sample.fromClient, sample.fromClient, spanMs),
          downBps: rate(last.sample.toClient, sample.toClient, spanMs),
        };
      });
      state.gone += before.size;
    },
  );
}

const keyOf = ({ transport, client, relayed }: AllocationSample): string =>
  `${transport} ${client} ${relayed}`;

const rate = (before: Traffic, after: Traffic, spanMs: number): number =>
  Math.max(0, ((after.bytes - before.bytes) * 8000) / spanMs);

/** `9 min 58 s`, `42 s`, `over`; what is left of `leftMs` after `agoMs`. */
export function leftWords(leftMs: number, agoMs: number): string {
  const seconds = Math.ceil((leftMs - agoMs) / 1000);
  if (seconds <= 0) return 'over';
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `812 B`, `96.4 kB`, `1.2 MB` */
export function inBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
