import { errorCodeOf } from '../../protocol/stun/message.ts';
import { methodNamed } from '../../protocol/stun/names.ts';
import type { AllocationSample } from '../../rtc/stun/allocation.ts';
import { messageOf } from '../../rtc/stun/message-of.ts';
import type { Entry, EntryOf, PeerLabel } from '../../rtc/timeline.ts';

/** What both ends know of one call: the browser by getStats(), the TURN server by its counters. */
export interface CallFacts {
  /** Types of the candidates in use; undefined until there is a pair. */
  readonly pair: { readonly local: string; readonly remote: string; readonly over?: string } | undefined;
  readonly state: string;
  /** Round trips of checks on the pair in use, one for each second. */
  readonly rtt: { readonly medianMs: number; readonly samples: number } | undefined;
  /** Sent and received on the pair, by the browser that offers. */
  readonly browserBytes: number;
  /** Passed on for that browser, by the server, at the time of the browser's own count. */
  readonly serverBytes: number;
  /** What the server refused to it, but for the 401 and 438 with which it asks for credentials. */
  readonly refusals: readonly string[];
}

/** Reads the facts of the call that `offerer` makes to `answerer`. Whichever of them sees it fail first ends it. */
export function factsOf(entries: readonly Entry[], offerer: PeerLabel, answerer: PeerLabel): CallFacts {
  let pair: CallFacts['pair'];
  let state = 'new';
  let browser: { atMs: number; bytes: number } | undefined;
  const roundTrips: number[] = [];
  const refusals = new Set<string>();
  const server: { atMs: number; bytes: number }[] = [];
  for (const entry of entries) {
    if (entry.kind === 'allocations') server.push({ atMs: entry.atMs, bytes: bytesOf(entry.list, offerer) });
    if (entry.peer === answerer && entry.kind === 'connection-state' && entry.state === 'failed')
      state = 'failed';
    if (entry.peer !== offerer) continue;
    if (entry.kind === 'connection-state' && state !== 'failed') state = entry.state;
    if (entry.kind === 'wire-message' && entry.way === 'sent') noteRefusal(entry, refusals);
    if (entry.kind === 'candidate-error' && entry.errorCode !== 701)
      refusals.add(`${entry.errorCode} ${entry.errorText}`);
    if (entry.kind !== 'stats' || !entry.sample.candidatePair) continue;
    const { local, remote, bytesSent, bytesReceived, currentRoundTripTimeMs } = entry.sample.candidatePair;
    const over = local.relayProtocol;
    pair = { local: local.type, remote: remote.type, ...(over !== undefined && { over }) };
    browser = { atMs: entry.atMs, bytes: bytesSent + bytesReceived };
    if (currentRoundTripTimeMs !== undefined) roundTrips.push(currentRoundTripTimeMs);
  }
  return {
    pair,
    state,
    rtt: roundTrips.length > 0 ? { medianMs: median(roundTrips), samples: roundTrips.length } : undefined,
    browserBytes: browser?.bytes ?? 0,
    serverBytes: browser ? Math.round(at(server, browser.atMs)) : 0,
    refusals: [...refusals],
  };
}

function noteRefusal(entry: EntryOf<'wire-message'>, refusals: Set<string>): void {
  const message = messageOf(entry);
  const error = message && errorCodeOf(message);
  if (!message || !error || error.code === 401 || error.code === 438) return;
  refusals.add(`${methodNamed(message.method)?.name ?? 'a request'}: ${error.code} ${error.reason}`);
}

/** Bytes that all allocations of a peer have carried, both ways. */
function bytesOf(list: readonly AllocationSample[], peer: PeerLabel): number {
  return list
    .filter((allocation) => allocation.peer === peer)
    .reduce((sum, { fromClient, toClient }) => sum + fromClient.bytes + toClient.bytes, 0);
}

/** The count at a time between two readings, as if it had grown evenly: the two ends do not count at the same moment. */
function at(readings: readonly { atMs: number; bytes: number }[], atMs: number): number {
  const after = readings.find((reading) => reading.atMs >= atMs);
  const before = readings.findLast((reading) => reading.atMs < atMs);
  if (!after || !before) return (before ?? after)?.bytes ?? 0;
  const share = (atMs - before.atMs) / (after.atMs - before.atMs);
  return before.bytes + share * (after.bytes - before.bytes);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
