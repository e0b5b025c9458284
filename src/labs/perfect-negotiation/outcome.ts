import { fold, type Fold } from '../../lab-kit/panels/model/fold.ts';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';

/** How one peer's side of the negotiation went. */
export interface Side {
  signalingState: RTCSignalingState;
  connectionState: RTCPeerConnectionState;
  /** When its own offers left, in ms of the run. */
  readonly offersSentMs: number[];
  /** When it heard of the other's offers, and whether an offer of its own was under way then. */
  readonly offersHeard: { readonly atMs: number; readonly collided: boolean }[];
  /** It has been told to offer, and its offer is not set yet. */
  makes: boolean;
  /** Its own offer is set and has no answer yet. */
  waits: boolean;
  offersTaken: number;
  answersTaken: number;
  /** Its own offer was taken back by setting the other's. */
  rollbacks: number;
  /** What the browser said to each description that it refused. */
  readonly refusals: string[];
  connectedMs: number | undefined;
}

export interface Negotiation {
  readonly sides: Map<PeerLabel, Side>;
  /** Descriptions on the way to a peer of this page, by id. */
  readonly underWay: Set<string>;
  /** Calls of setRemoteDescription that the browser has not answered yet, by number. */
  readonly pending: Map<number, PeerLabel>;
  isOver: boolean;
}

/** Follows who offered, who gave way and what was refused. */
export function negotiationFold(): Fold<Negotiation> {
  return fold<Negotiation>(
    () => ({ sides: new Map(), underWay: new Set(), pending: new Map(), isOver: false }),
    step,
  );
}

function step(negotiation: Negotiation, entry: Entry): void {
  if (entry.kind === 'peer-opened') negotiation.sides.set(entry.peer, newSide());
  if (entry.kind === 'run-ended') negotiation.isOver = true;
  if (entry.kind === 'fault' && entry.id && (entry.fault === 'dropped' || entry.fault === 'renamed'))
    negotiation.underWay.delete(entry.id);
  const side = negotiation.sides.get(entry.peer);
  if (!side) return;
  switch (entry.kind) {
    case 'signaling-state':
      side.signalingState = entry.state;
      return;
    case 'connection-state':
      side.connectionState = entry.state;
      if (entry.state === 'connected') side.connectedMs ??= entry.atMs;
      return;
    case 'negotiation-needed':
      side.makes = true;
      return;
    case 'signal-sent':
      if (!('description' in entry.signal)) return;
      if (negotiation.sides.has(entry.to)) negotiation.underWay.add(entry.id);
      if (entry.signal.description.type === 'offer') side.offersSentMs.push(entry.atMs);
      return;
    case 'signal-received': {
      negotiation.underWay.delete(entry.id);
      if (!('description' in entry.signal) || entry.signal.description.type !== 'offer') return;
      side.offersHeard.push({ atMs: entry.atMs, collided: side.makes || side.waits });
      return;
    }
    case 'call':
      if (entry.method === 'setRemoteDescription') negotiation.pending.set(entry.call, entry.peer);
      return;
    case 'call-settled':
      negotiation.pending.delete(entry.call);
      if (entry.method === 'setRemoteDescription' && !entry.outcome.ok)
        side.refusals.push(`${entry.outcome.name}: ${entry.outcome.message}`);
      return;
    case 'description':
      if (entry.side === 'local') {
        side.makes = false;
        side.waits = entry.type === 'offer';
        return;
      }
      if (entry.type === 'answer') side.answersTaken++;
      if (entry.type === 'offer') {
        side.offersTaken++;
        if (side.waits) side.rollbacks++;
      }
      side.waits = false;
      return;
    default:
  }
}

/** Browsers end it differently: some make new user names for the answer, some keep those of the offer. */
function deathOf(sides: readonly Side[]): string {
  const failed = sides.some(({ connectionState }) => connectionState === 'failed');
  if (failed)
    return 'This browser kept user names and passwords through the rollback, so a path was found; but both answers say a=setup:active, two DTLS clients wait for a server, and the handshake failed.';
  const states = [...new Set(sides.map(({ connectionState }) => connectionState))].join(' and ');
  return `connectionState is ${states} and stays so, however long you wait: each checks with a user name that the other one does not use.`;
}

const newSide = (): Side => ({
  signalingState: 'stable',
  connectionState: 'new',
  offersSentMs: [],
  offersHeard: [],
  makes: false,
  waits: false,
  offersTaken: 0,
  answersTaken: 0,
  rollbacks: 0,
  refusals: [],
  connectedMs: undefined,
});

/** What came of the negotiation, for a person. */
export interface Verdict {
  readonly is: 'idle' | 'under-way' | 'converged' | 'dead' | 'half-dead' | 'failed';
  readonly title: string;
  readonly text: string;
  /** What to try next. */
  readonly next: string;
}

/** The verdict as far as the record goes. It may still change as long as something is under way. */
export function verdictOf({ sides, underWay, pending, isOver }: Negotiation): Verdict {
  const all = [...sides];
  const each = (test: (side: Side) => boolean) => all.length > 0 && all.every(([, side]) => test(side));
  const isQuiet = underWay.size === 0 && pending.size === 0;
  if (all.length === 0) {
    return {
      is: 'idle',
      title: 'Nothing yet',
      text: 'Press the button: both peers add their picture and sound, and each of them wants to offer.',
      next: '',
    };
  }
  const rolledBack = all.filter(([, { rollbacks }]) => rollbacks > 0).map(([peer]) => peer);
  const deaf = all.filter(([, { offersHeard, offersTaken }]) => offersHeard.length > offersTaken);
  const collided = all.some(([, { offersHeard }]) => offersHeard.some((heard) => heard.collided));

  if (each((side) => side.connectionState === 'connected' && side.signalingState === 'stable') && isQuiet) {
    const connectedMs = Math.max(...all.map(([, side]) => side.connectedMs ?? 0));
    const took = `Both are stable and connected ${Math.round(connectedMs)} ms after the start.`;
    if (!collided)
      return {
        is: 'converged',
        title: 'Agreed, without glare',
        text: `The offers did not meet: one was answered before the other was made. ${took}`,
        next: 'Offer at the same time, or let the Faults panel delay every message by 200 ms, and they will meet.',
      };
    return {
      is: 'converged',
      title: 'Agreed, after glare',
      text: `Both offers were under way at the same time. ${[
        ...deaf.map(([peer]) => `${peer} is impolite and ignored the other’s offer.`),
        ...rolledBack.map((peer) => `${peer} is polite and rolled back the own offer.`),
      ].join(' ')} ${took}`,
      next: 'In Messages, the offer that leads nowhere is the one that was ignored. Now press “Both offer” in Faults: they meet again in the middle of the call.',
    };
  }
  const isRefused = each(({ refusals }) =>
    refusals.some((refusal) => refusal.startsWith('InvalidStateError')),
  );
  if (isQuiet && isRefused && each((side) => side.signalingState === 'stable' && side.answersTaken === 0)) {
    return {
      is: 'dead',
      title: 'Both stable, both dead',
      text: 'Each peer had an offer under way when the other’s came. Setting it took back the own one, so each of them answered; and then each of them refused the answer to an offer that it no longer had. Nobody waits for anything any more, so both say stable.',
      next: `${deathOf(all.map(([, side]) => side))} Choose “bob is polite” and run again.`,
    };
  }
  if (all.some(([, side]) => side.connectionState === 'failed'))
    return {
      is: 'failed',
      title: 'No connection',
      text: 'The negotiation ended, but the connection failed: Messages and Candidates show what did not arrive.',
      next: 'Were faults active? Run once without them.',
    };
  const isStuck = isOver && isQuiet;
  const waits = all.filter(([, side]) => side.signalingState === 'have-local-offer').map(([peer]) => peer);
  if (isQuiet && waits.length > 0 && isStuck)
    return {
      is: 'half-dead',
      title: 'Stuck half-way',
      text: `${waits.join(' and ')} still ${waits.length === 1 ? 'waits' : 'wait'} for an answer that nobody sends.`,
      next: 'Look in Messages for the description that did not arrive.',
    };
  return {
    is: 'under-way',
    title: collided ? 'Glare: both offers are under way' : 'Negotiating',
    text: all.map(([peer, side]) => `${peer}: ${side.signalingState}, ${side.connectionState}`).join(' · '),
    next: '',
  };
}
