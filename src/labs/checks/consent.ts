import { isCut } from '../../rtc/faults/plan.ts';
import type { PairSample } from '../../rtc/stats/sample.ts';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';

/** The checks of one peer on the pair in use: the ones that keep consent fresh (RFC 7675 §5.1). */
export interface PeerChecks {
  readonly peer: PeerLabel;
  readonly role: RTCIceRole | undefined;
  readonly pair: PairSample | undefined;
  /** When the browser last counted another answer, on the timeline's clock. */
  readonly answeredAtMs: number | undefined;
  /** How the pair came to its remote end: told by a message, or learned from a check. */
  readonly learned: boolean;
  readonly state: RTCIceConnectionState;
}

/** A moment of the story: what was done to the path, and what each peer made of it. */
export interface Moment {
  readonly atMs: number;
  readonly peer: PeerLabel;
  readonly what: 'cut' | 'mended' | RTCIceConnectionState;
  /** Since the last change of the path. */
  readonly afterMs?: number;
}

/** What the browsers told of their checks so far. */
export function checksOf(entries: readonly Entry[], peers: readonly PeerLabel[]): PeerChecks[] {
  return peers.map((peer) => {
    let role: RTCIceRole | undefined;
    let pair: PairSample | undefined;
    let answeredAtMs: number | undefined;
    let state: RTCIceConnectionState = 'new';
    for (const entry of entries) {
      if (entry.peer !== peer) continue;
      if (entry.kind === 'ice-connection-state') state = entry.state;
      if (entry.kind === 'stats') role = entry.sample.transport?.iceRole ?? role;
      if (entry.kind !== 'candidate-pairs') continue;
      role = entry.iceRole ?? role;
      const selected = entry.pairs.find((each) => each.selected);
      if (!selected) continue;
      const isMore = selected.id !== pair?.id || selected.responsesReceived !== pair?.responsesReceived;
      if (isMore) answeredAtMs = entry.atMs;
      pair = selected;
    }
    return { peer, role, pair, answeredAtMs, learned: pair?.remote.type === 'prflx', state };
  });
}

/** Cuts and repairs of the relayed path, with what ICE said after each; nothing before the first cut. */
export function storyOf(entries: readonly Entry[]): Moment[] {
  const story: Moment[] = [];
  let changedAtMs: number | undefined;
  let wasCut = false;
  for (const entry of entries) {
    const { atMs, peer } = entry;
    if (entry.kind === 'fault' && entry.plan) {
      const cuts = isCut(entry.plan);
      if (cuts === wasCut) continue;
      wasCut = cuts;
      changedAtMs = atMs;
      story.push({ atMs, peer: 'lab', what: cuts ? 'cut' : 'mended' });
    } else if (entry.kind === 'ice-connection-state' && changedAtMs !== undefined)
      story.push({ atMs, peer, what: entry.state, afterMs: atMs - changedAtMs });
  }
  return story;
}
