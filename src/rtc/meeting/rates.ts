import { number, ofType, type Report, type Stat } from '../stats/report.ts';
import { selectedPair } from '../stats/selected-pair.ts';
import { pathOf, type Path } from './path.ts';

/**
 * What one link carries and costs, between two reports. A member that is absent was not told by this browser, or is
 * not known yet.
 */
export interface LinkRates {
  readonly path?: Path;
  /** Everything on the selected path (media, RTCP, data), without IP and UDP headers. Bits per second. */
  readonly upstreamBps?: number;
  readonly downstreamBps?: number;
  /** Of the latest STUN check. Milliseconds. */
  readonly roundTripMs?: number;
  /** Streams of video of which a picture was encoded meanwhile: each is an encoder that runs. */
  readonly encoders?: number;
  readonly decoders?: number;
  /** Seconds of encoding video in each second: 1 is a core that does nothing else, if the encoder has one thread. */
  readonly encodeShare?: number;
  readonly decodeShare?: number;
}

/**
 * Turns two reports of one connection into rates.
 *
 * @param before `undefined` for the first report: then only path and round trip are known
 * @see webrtc-stats §8.4 (`totalDecodeTime`), §8.6 (`totalEncodeTime`), §8.11 (`transport`), §8.13 (`candidate-pair`)
 */
export function linkRates(before: Report | undefined, now: Report): LinkRates {
  const selected = selectedPair(now);
  const path = pathOf(now);
  const roundTripSec = number(selected?.pair, 'currentRoundTripTime');
  return {
    ...(path && { path }),
    ...(roundTripSec !== undefined && { roundTripMs: roundTripSec * 1000 }),
    ...(before && {
      ...told('upstreamBps', bits(before, now, 'bytesSent')),
      ...told('downstreamBps', bits(before, now, 'bytesReceived')),
      ...coders(before, now, 'outbound-rtp', 'framesEncoded', 'totalEncodeTime', ['encoders', 'encodeShare']),
      ...coders(before, now, 'inbound-rtp', 'framesDecoded', 'totalDecodeTime', ['decoders', 'decodeShare']),
    }),
  };
}

/** By the transports, which are told of by Chromium; else by the selected pair. */
function bits(before: Report, now: Report, counter: string): number | undefined {
  const transports = ofType(now, 'transport').map((stat) => growth(before, stat, counter)?.perSecond);
  const known = transports.filter((rate) => rate !== undefined);
  if (known.length > 0) return 8 * sum(known);
  const pair = selectedPair(now)?.pair;
  const rate = pair && growth(before, pair, counter)?.perSecond;
  return rate === undefined ? undefined : 8 * rate;
}

function coders<N extends string, S extends string>(
  before: Report,
  now: Report,
  type: string,
  frames: string,
  time: string,
  [count, share]: readonly [N, S],
): { [K in N | S]?: number } {
  const streams = ofType(now, type).filter((stat) => stat['kind'] === 'video');
  const running = streams.filter((stat) => (growth(before, stat, frames)?.by ?? 0) > 0);
  const shares = running.map((stat) => growth(before, stat, time)?.perSecond);
  const told = shares.filter((one) => one !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys are those that were given
  return {
    [count]: running.length,
    ...(told.length === running.length && { [share]: sum(told) }),
  } as { [K in N | S]?: number };
}

/** By how much a counter grew; `undefined` for one that is not told, that began anew, or when no time has passed. */
function growth(
  before: Report,
  stat: Stat,
  counter: string,
): { readonly by: number; readonly perSecond: number } | undefined {
  const then = before.get(stat.id);
  const isSame = then?.type === stat.type && then['ssrc'] === stat['ssrc'];
  const [from, to] = [number(then, counter), number(stat, counter)];
  if (!isSame || from === undefined || to === undefined || to < from) return undefined;
  const seconds = (stat.timestamp - then.timestamp) / 1000;
  return seconds > 0 ? { by: to - from, perSecond: (to - from) / seconds } : undefined;
}

const told = <N extends string>(name: N, value: number | undefined) =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a computed key is a string to the compiler
  (value === undefined ? {} : { [name]: value }) as { [K in N]?: number };

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
