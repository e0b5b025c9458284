/** Offers and answers: who refused what, what was never answered, what was left out. */
import { parseSdp, type MediaSection } from '../sdp/parse.ts';
import type { EntryOf } from '../timeline.ts';
import { descriptions, lastState, refused, waited, wasConnected, type PeerFacts } from './facts.ts';
import type { Rule } from './finding.ts';
import { inSeconds, quoted, times } from './words.ts';

const wrongState = /wrong state|InvalidStateError|signalingState|in state/i;

/** A description came when it could not be taken (webrtc-pc §4.4.1.5, step 4.5 ff.). */
export const descriptionRefused: Rule = (peer) => {
  const [first, ...more] = refused(peer, 'setRemoteDescription');
  if (!first) return undefined;
  const asked = peer.calls.find(({ settled }) => settled === first.entry);
  const what = asked?.made.args[0]?.startsWith('answer') ? 'answer' : 'description';
  const state = peer.of('signaling-state').findLast(({ seq }) => seq < first.entry.seq)?.state ?? 'stable';
  const again = more.length > 0 ? ` (${times(more.length + 1)})` : '';
  const isOrder = wrongState.test(first.message) || refusedByName(first.entry, 'InvalidStateError');
  return {
    code: isOrder ? 'wrong-order' : 'description-refused',
    severity: 'problem',
    peer: peer.peer,
    text: isOrder
      ? `${peer.peer} refused the ${what}${again}: it was in state ${state}, ${
          state === 'stable' && what === 'answer'
            ? 'with no offer open that it could answer'
            : 'which does not allow it'
        }. The browser: ${quoted(first.message)}.`
      : `${peer.peer} could not use the ${what}${again}. The browser: ${quoted(first.message)}.`,
    seq: first.entry.seq,
    lesson: 'signaling/by-hand',
  };
};

const refusedByName = ({ outcome }: EntryOf<'call-settled'>, name: string) =>
  !outcome.ok && outcome.name === name;

/** Another call that makes or sets a description was refused. */
export const callRefused: Rule = (peer) => {
  const [first] = ['createOffer', 'createAnswer', 'setLocalDescription'].flatMap((method) =>
    refused(peer, method),
  );
  return (
    first && {
      code: 'call-refused',
      severity: 'problem',
      peer: peer.peer,
      text: `${peer.peer} could not carry out ${first.entry.method}(). The browser: ${quoted(first.message)}.`,
      seq: first.entry.seq,
      lesson: 'signaling/by-hand',
    }
  );
};

/** The other one also had its answer refused, and neither connects: no offer is open at either end any more. */
export const bothStableBothDead: Rule = (peer, { peers }) => {
  const isDead = (each: PeerFacts) =>
    lastState(each, 'signaling-state') === 'stable' &&
    !wasConnected(each) &&
    refused(each, 'setRemoteDescription').length > 0 &&
    each.of('description').filter(({ type }) => type === 'offer').length > 0;
  if (!isDead(peer) || !peers.some((other) => other !== peer && isDead(other))) return undefined;
  const [first] = refused(peer, 'setRemoteDescription');
  return (
    first && {
      code: 'stable-but-dead',
      severity: 'problem',
      peer: peer.peer,
      text: `${peer.peer} is stable and will never connect: both sides offered at once (glare), each gave way to the other’s offer, and both answers were refused. One side has to insist: roles (polite, impolite) settle it.`,
      seq: first.entry.seq,
      lesson: 'signaling/perfect-negotiation',
    }
  );
};

/** Both offered at once, and one took its own offer back (JSEP §4.1.10.2). */
export const rolledBack: Rule = (peer) => {
  if (!wasConnected(peer)) return undefined;
  const state = peer.of('signaling-state');
  const index = state.findIndex(
    (entry, at) =>
      entry.state === 'stable' &&
      state[at - 1]?.state === 'have-local-offer' &&
      state[at + 1]?.state === 'have-remote-offer' &&
      (state[at + 1]?.atMs ?? 0) - entry.atMs < 100,
  );
  const entry = index < 0 ? undefined : state[index];
  return (
    entry && {
      code: 'rollback',
      severity: 'notice',
      peer: peer.peer,
      text: `Both sides offered at once (glare). ${peer.peer} took its own offer back and answered the other one: that is how it is meant to be settled.`,
      seq: entry.seq,
      lesson: 'signaling/perfect-negotiation',
    }
  );
};

/** An offer is out and no answer has come. */
export const unanswered: Rule = (peer) => {
  const entry = peer.of('signaling-state').findLast(({ state }) => state !== 'closed');
  if (entry?.state !== 'have-local-offer' || refused(peer, 'setRemoteDescription').length > 0)
    return undefined;
  const howLong = waited(peer, entry.atMs, 'within');
  if (!howLong) return undefined;
  return {
    code: 'offer-unanswered',
    // Somebody may be carrying it: by hand that takes its time.
    severity: peer.isOver ? 'problem' : 'notice',
    peer: peer.peer,
    text: `No answer to the offer of ${peer.peer} came ${howLong}. Did the offer reach the other side, and does its answer come back?`,
    seq: entry.seq,
    lesson: 'signaling/by-hand',
  };
};

const SLOW_ANSWER_MS = 10_000;

/** The longest part of many slow calls is not the network but what waits before an answer is given. */
export const slowAnswer: Rule = (peer) => {
  const offer = peer.of('signaling-state').find(({ state }) => state === 'have-local-offer');
  const answered =
    offer && peer.of('signaling-state').find(({ seq, state }) => seq > offer.seq && state === 'stable');
  if (!answered || answered.atMs - offer.atMs < SLOW_ANSWER_MS) return undefined;
  return {
    code: 'slow-answer',
    severity: 'notice',
    peer: peer.peer,
    text: `${inSeconds(answered.atMs - offer.atMs)} went by between the offer of ${peer.peer} and its answer. Nothing can connect before that.`,
    seq: answered.seq,
    lesson: 'signaling/by-hand',
  };
};

/** An answer was asked for while the offer was still being set: without await, the two depend on luck. */
export const notAwaited: Rule = (peer) => {
  const makes = new Set(['createAnswer', 'createOffer', 'setLocalDescription']);
  for (const { made, settled } of peer.calls) {
    if (made.method !== 'setRemoteDescription') continue;
    const hasty = peer.calls.find(
      (other) =>
        makes.has(other.made.method) && other.made.seq > made.seq && other.made.seq < (settled?.seq ?? 0),
    );
    if (hasty)
      return {
        code: 'not-awaited',
        severity: 'notice',
        peer: peer.peer,
        text: `${peer.peer} called ${hasty.made.method}() while setRemoteDescription() was still at work. Await it: what is made before the description is set does not know of it, and a failure goes unseen.`,
        seq: hasty.made.seq,
        lesson: 'orientation/first-call',
      };
  }
  return undefined;
};

/** The sections of the answer in force, and the entry that brought it. */
function answered(
  peer: PeerFacts,
): { entry: EntryOf<'description'>; media: readonly MediaSection[] } | undefined {
  const entry = peer.of('description').findLast(({ type }) => type === 'answer');
  if (!entry) return undefined;
  const parsed = parseSdp(entry.sdp, 'answer');
  return parsed.ok ? { entry, media: parsed.model.media } : undefined;
}

/** One side did not want a section that the other offered, or knows none of its codecs (RFC 3264 §6). */
export const sectionRefused: Rule = (peer) => {
  const answer = answered(peer);
  const sections = answer?.media.filter(({ rejected }) => rejected) ?? [];
  const offer = peer
    .of('description')
    .findLast(({ type, seq }) => type === 'offer' && seq < (answer?.entry.seq ?? 0));
  const offered = offer ? parseSdp(offer.sdp, 'offer') : undefined;
  // A section that the offer had already given up is not the answer's doing.
  const [section] = sections.filter(
    ({ index }) => !offered?.ok || offered.model.media[index]?.rejected !== true,
  );
  if (!answer || !section) return undefined;
  const who = answer.entry.side === 'local' ? peer.peer : `The other side of ${peer.peer}`;
  return {
    code: 'section-refused',
    severity: 'notice',
    peer: peer.peer,
    text: `${who} refused the ${section.kind} section (its port is 0 in the answer): the two have no codec in common, or its transceiver was stopped. No ${section.kind} flows there.`,
    seq: answer.entry.seq,
    lesson: 'orientation/first-call',
  };
};

/** A section that was agreed on and in which neither side sends. */
export const sectionUnused: Rule = (peer) => {
  const answer = answered(peer);
  const unused = answer?.media.filter(
    ({ kind, rejected, direction }) => kind !== 'application' && !rejected && direction === 'inactive',
  );
  const [section] = unused ?? [];
  if (!answer || !section) return undefined;
  return {
    code: 'section-unused',
    severity: 'notice',
    peer: peer.peer,
    text: `The ${section.kind} section ${section.mid ?? section.index} of ${peer.peer} is inactive: it was agreed on, and neither side sends there.`,
    seq: answer.entry.seq,
    lesson: 'orientation/first-call',
  };
};

/** The peer never got as far as a description of the other side, and was closed. */
export const closedEarly: Rule = (peer) => {
  const [closed] = peer.of('peer-closed');
  if (
    !closed ||
    wasConnected(peer) ||
    descriptions(peer, 'local').length + descriptions(peer, 'remote').length === 0
  )
    return undefined;
  return {
    code: 'closed-early',
    severity: 'notice',
    peer: peer.peer,
    text: `${peer.peer} was closed after ${inSeconds(closed.atMs - (peer.entries[0]?.atMs ?? 0))}, before it was connected. The other side is not told of that.`,
    seq: closed.seq,
    lesson: 'orientation/first-call',
  };
};
