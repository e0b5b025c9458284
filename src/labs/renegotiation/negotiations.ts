import { fold, type Fold } from '../../lab-kit/panels/model/fold.ts';
import type { PeerLabel } from '../../rtc/timeline.ts';

/** One offer and what became of it. */
export interface Negotiation {
  readonly offerer: PeerLabel;
  /** Of the entry that has the offer. */
  readonly seq: number;
  /** When the offer was asked for, in ms of the run. */
  readonly startMs: number;
  readonly sections: number;
  /** Of the offer's SDP. */
  readonly sizeBytes: number;
  /** From the start to the provisional answer in force at the offerer. */
  readonly provisionalMs?: number;
  /** From the start to the final answer in force at the offerer. */
  readonly tookMs?: number;
  readonly outcome: 'under way' | 'agreed' | 'rolled back';
}

/** What was played of the sound that a peer receives. One sample is 1/48 000 s. */
export interface Sound {
  readonly peer: PeerLabel;
  readonly concealedSamples: number;
}

export interface Account {
  readonly negotiations: Negotiation[];
  /** How often `negotiationneeded` fired. */
  needed: number;
  opened: number;
  /** What the browser said to a provisional answer that it does not know. */
  refusedProvisional: boolean;
  sound: Sound | undefined;
}

interface State extends Account {
  /** Calls of setLocalDescription that are not in force yet. */
  readonly asked: Map<PeerLabel, number>;
  /** Place of the one that is under way in the list. */
  readonly open: Map<PeerLabel, number>;
}

/** All negotiations of a run, as the offerers saw them. */
export function negotiationsFold(): Fold<Account> {
  return fold<State>(
    () => ({
      negotiations: [],
      needed: 0,
      opened: 0,
      refusedProvisional: false,
      sound: undefined,
      asked: new Map(),
      open: new Map(),
    }),
    (state, entry) => {
      const { peer, atMs, seq } = entry;
      const place = state.open.get(peer);
      const current = place === undefined ? undefined : state.negotiations[place];
      /** A new object each time: what draws a row tells by it that something has changed. */
      const change = (to: Partial<Negotiation>) => {
        if (place === undefined || !current) return;
        state.negotiations[place] = { ...current, ...to };
        if (to.outcome) state.open.delete(peer);
      };
      switch (entry.kind) {
        case 'peer-opened':
          state.opened += 1;
          return;
        case 'negotiation-needed':
          state.needed += 1;
          return;
        case 'call':
          if (entry.method === 'setLocalDescription') state.asked.set(peer, atMs);
          return;
        case 'call-settled':
          if (
            entry.method === 'setLocalDescription' &&
            !entry.outcome.ok &&
            entry.outcome.name === 'NotSupportedError'
          )
            state.refusedProvisional = true;
          return;
        case 'stats':
          for (const { kind, concealedSamples } of entry.sample.inbound)
            if (kind === 'audio' && concealedSamples !== undefined) state.sound = { peer, concealedSamples };
          return;
        case 'signaling-state':
          if (entry.state === 'stable') change({ outcome: 'rolled back' });
          return;
        case 'description': {
          if (entry.side === 'local' && entry.type === 'offer') {
            state.open.set(peer, state.negotiations.length);
            state.negotiations.push({
              offerer: peer,
              seq,
              startMs: state.asked.get(peer) ?? atMs,
              sections: entry.sdp.match(/^m=/gm)?.length ?? 0,
              sizeBytes: new TextEncoder().encode(entry.sdp).byteLength,
              outcome: 'under way',
            });
          }
          if (entry.side !== 'remote' || !current) return;
          const tookMs = atMs - current.startMs;
          if (entry.type === 'pranswer') change({ provisionalMs: tookMs });
          if (entry.type === 'answer') change({ tookMs, outcome: 'agreed' });
          return;
        }
        default:
      }
    },
  );
}

/** What came of a run so far, in a sentence. */
export function verdictOf({ negotiations, needed, opened, refusedProvisional }: Account): string {
  const agreed = negotiations.filter(({ outcome }) => outcome === 'agreed');
  const last = agreed.at(-1);
  const first = agreed[0];
  if (!first || !last) return 'Start the call: each offer has its row here.';
  if (refusedProvisional)
    return 'This browser has no provisional answers (NotSupportedError). bob answered finally at once, and the call came about without the ringing.';
  const provisional = agreed.find(({ provisionalMs }) => provisionalMs !== undefined);
  if (provisional)
    return `The path was there with the provisional answer, after ${inMs(provisional.provisionalMs)}. bob picked up later, and his tracks came with the final answer to the same offer.`;
  if (negotiations.some(({ outcome }) => outcome === 'rolled back'))
    return `One offer was taken back and never sent. negotiationneeded fired again, and the next offer had the same ${last.sections} m-sections.`;
  if (agreed.length === 1) return `The call has been agreed on in ${inMs(first.tookMs)}. Now it changes.`;
  const size = (last.sizeBytes / 1000).toFixed(1);
  if (last.sections >= 32)
    return `From ${first.sections} m-section in ${inMs(first.tookMs)} to ${last.sections} in ${inMs(last.tookMs)}: ${size} kB of SDP each way, for changes that concern a few sections.`;
  return `${agreed.length} negotiations on ${opened} connection objects; negotiationneeded fired ${needed} times. The last one took ${inMs(last.tookMs)} for ${last.sections} m-sections.`;
}

/** Milliseconds without decimals: `84 ms`. */
export const inMs = (ms: number | undefined): string => (ms === undefined ? '…' : `${Math.round(ms)} ms`);
