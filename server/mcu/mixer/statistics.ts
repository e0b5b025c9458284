import type { ForwardInput, ForwardLine, Source } from '../../../src/protocol/middlebox.ts';
import type { PeerId } from '../../../src/protocol/signaling.ts';
import type { ConnectionState } from './connection.ts';

/** An entry of a report of `getStats()`; which fields it has depends on its type, and on the version of libwebrtc. */
export type Entry = Readonly<Record<string, unknown>>;

const count = (entry: Entry, name: string) => {
  const value = entry[name];
  return typeof value === 'number' && Number.isFinite(value) ? Math.max(0, Math.round(value)) : 0;
};

const decimal = (entry: Entry, name: string) => {
  const value = entry[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

/** Rates of counters, from one second to the next. */
export class Rates {
  readonly #last = new Map<string, { bytes: number; atMs: number }>();

  /** Bits per second since the last time; 0 the first time. */
  of(name: string, bytes: number, nowMs: number): number {
    const last = this.#last.get(name);
    this.#last.set(name, { bytes, atMs: nowMs });
    if (!last || nowMs <= last.atMs || bytes < last.bytes) return 0;
    return Math.round(((bytes - last.bytes) * 8_000) / (nowMs - last.atMs));
  }

  forget(prefix: string): void {
    for (const name of this.#last.keys()) if (name.startsWith(prefix)) this.#last.delete(name);
  }
}

const codecOf = (entries: readonly Entry[], entry: Entry) => {
  const codec = entries.find(({ type, id }) => type === 'codec' && id === entry['codecId']);
  const mimeType = codec?.['mimeType'];
  return typeof mimeType === 'string' ? (mimeType.split('/')[1] ?? '').slice(0, 32) : '';
};

/** What comes in from one participant. */
export function inputsOf(
  entries: readonly Entry[],
  peer: PeerId,
  sources: ReadonlyMap<string, Source>,
  rates: Rates,
  nowMs: number,
): ForwardInput[] {
  return entries.flatMap((entry) => {
    const source = sources.get(String(entry['mid']));
    if (entry['type'] !== 'inbound-rtp' || source === undefined) return [];
    const isVideo = entry['kind'] === 'video';
    const bytes = count(entry, 'bytesReceived') + count(entry, 'headerBytesReceived');
    const level = decimal(entry, 'audioLevel');
    return [
      {
        peer,
        source,
        codec: codecOf(entries, entry),
        rid: null,
        width: isVideo ? count(entry, 'frameWidth') : null,
        height: isVideo ? count(entry, 'frameHeight') : null,
        packets: count(entry, 'packetsReceived'),
        bytes,
        bitsPerSec: rates.of(`${peer} in ${source}`, bytes, nowMs),
        lost: count(entry, 'packetsLost'),
        keyFrameRequests: count(entry, 'pliCount') + count(entry, 'firCount'),
        level: isVideo || level === null ? null : Math.max(-127, 20 * Math.log10(Math.max(level, 4.5e-7))),
      },
    ];
  });
}

/** The connection up of a participant. */
export function lineOf(
  entries: readonly Entry[],
  peer: PeerId,
  state: ConnectionState,
  rates: Rates,
  nowMs: number,
): ForwardLine {
  const transport = entries.find(({ type }) => type === 'transport') ?? {};
  return {
    peer,
    leg: 'up',
    state,
    inBitsPerSec: rates.of(`${peer} up in`, count(transport, 'bytesReceived'), nowMs),
    outBitsPerSec: rates.of(`${peer} up out`, count(transport, 'bytesSent'), nowMs),
    estimateBps: null,
  };
}

/** Pictures that a connection's encoder has made so far. */
export const encodedOf = (entries: readonly Entry[]): number =>
  count(entries.find(({ type, kind }) => type === 'outbound-rtp' && kind === 'video') ?? {}, 'framesEncoded');
