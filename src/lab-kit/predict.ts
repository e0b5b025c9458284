import { randomOf } from './random.ts';
import { kindOfStep, kindWords, stepReasons, type StepKind } from '../rtc/step-words.ts';
import type { NextStep } from '../rtc/pace.ts';
import type { Entry, PeerLabel } from '../rtc/timeline.ts';
import { never } from '../rtc/never.ts';

/** «What comes next?» before a step. Exactly one option can come next. */
export interface Question {
  readonly options: readonly Option[];
  /** The text of the right option. */
  readonly happens: string;
}

export interface Option {
  readonly text: string;
  /** Why it comes next, or why it cannot: one sentence. */
  readonly why: string;
}

/** The steps of one exchange in their usual order, and whose they are. */
const exchange = [
  ['open-media', 'offerer'],
  ['set-local-offer', 'offerer'],
  ['send-offer', 'offerer'],
  ['set-remote-offer', 'answerer'],
  ['set-local-answer', 'answerer'],
  ['send-answer', 'answerer'],
  ['set-remote-answer', 'offerer'],
] as const satisfies readonly (readonly [StepKind, 'offerer' | 'answerer'])[];

/** How many wrong options there are. */
const WRONG = 2;

/**
 * Makes a question of the step that waits: the true one, and two others of an offer/answer exchange that cannot come
 * now (RFC 9429 §3.2). The nearest ones are the most plausible. The order is that of `seed`, an integer.
 *
 * @param waiting all that waits, the next one first: another step that is due as well is no wrong answer
 * @param entries what has been recorded so far
 * @param hosted the peers of this page; of others we do not know the state
 * @returns undefined where there is nothing to guess, or too little that is surely wrong
 */
export function ask(
  waiting: readonly NextStep[],
  other: PeerLabel,
  entries: readonly Entry[],
  hosted: readonly PeerLabel[],
  seed: number,
): Question | undefined {
  const [next] = waiting;
  if (!next) return undefined;
  const moments = new Map([next.peer, other].map((peer) => [peer, momentOf(peer, entries)]));
  const stateOf = (peer: PeerLabel) => moments.get(peer)?.state;
  const kind = kindOfStep(next, stateOf(next.peer));
  const place = exchange.findIndex(([known]) => known === kind);
  if (place < 0) return undefined;

  const isOfferers = exchange[place]?.[1] === 'offerer';
  const peers = isOfferers
    ? { offerer: next.peer, answerer: other }
    : { offerer: other, answerer: next.peer };
  const due = new Set(waiting.map((step) => `${kindOfStep(step, stateOf(step.peer))} ${step.peer}`));
  const random = randomOf(seed);
  const wrong = exchange
    .flatMap(([known, role], at) => {
      const peer = peers[role];
      const from = role === 'offerer' ? peers.answerer : peers.offerer;
      const moment = moments.get(peer);
      if (!moment || !hosted.includes(peer) || due.has(`${known} ${peer}`)) return [];
      const why = whyNot(known, peer, from, moment, entries);
      // What lies ahead is a better question than what is over.
      const distance = at > place ? at - place : place - at + exchange.length / 2;
      return why
        ? [{ option: { text: kindWords(known, peer, from), why }, distance: distance + random() }]
        : [];
    })
    .toSorted((one, another) => one.distance - another.distance)
    .slice(0, WRONG)
    .map(({ option }) => option);
  if (wrong.length < WRONG) return undefined;

  const happens = kindWords(kind, next.peer, other);
  const options = [{ text: happens, why: stepReasons[kind] }, ...wrong];
  return { happens, options: shuffled(options, random) };
}

/** How far one peer's half of the exchange has come. */
interface Moment {
  readonly state: RTCSignalingState;
  readonly local: RTCSdpType | undefined;
  /** What it has sent since its present local description was set. */
  readonly sent: boolean;
  readonly hasMedia: boolean;
}

function momentOf(peer: PeerLabel, entries: readonly Entry[]): Moment {
  let state: RTCSignalingState = 'stable';
  let local: RTCSdpType | undefined;
  let sent = false;
  let hasMedia = false;
  for (const entry of entries) {
    if (entry.peer !== peer) continue;
    if (entry.kind === 'signaling-state') state = entry.state;
    else if (entry.kind === 'description' && entry.side === 'local') [local, sent] = [entry.type, false];
    else if (entry.kind === 'signal-sent' && 'description' in entry.signal) sent = true;
    else if (entry.kind === 'call' && entry.method === 'addTrack') hasMedia = true;
  }
  return { state, local, sent, hasMedia };
}

/** Why a step cannot come now; undefined where it could. */
function whyNot(
  kind: (typeof exchange)[number][0],
  peer: PeerLabel,
  other: PeerLabel,
  { state, local, sent, hasMedia }: Moment,
  entries: readonly Entry[],
): string | undefined {
  switch (kind) {
    case 'open-media':
      return hasMedia ? `The tracks of ${peer} were added before.` : undefined;
    case 'set-local-offer':
      return state === 'have-remote-offer'
        ? `In have-remote-offer ${peer} can only answer (RFC 9429 §3.2).`
        : undefined;
    case 'send-offer':
      if (local !== 'offer') return `${peer} has set no offer that could be sent (RFC 9429 §3.2).`;
      return sent ? `${peer} has sent the offer already.` : undefined;
    case 'set-remote-offer':
      if (!hasSent(other, peer, 'offer', entries)) return `${peer} has no offer yet: ${other} has sent none.`;
      return state === 'have-remote-offer' ? `${peer} has set the offer already.` : undefined;
    case 'set-local-answer':
      return state === 'have-remote-offer'
        ? undefined
        : `${peer} has no offer to answer: that needs have-remote-offer, and the state is ${state} (RFC 9429 §5.3).`;
    case 'send-answer':
      if (local !== 'answer') return `${peer} has made no answer yet (RFC 9429 §3.2).`;
      return sent ? `${peer} has sent the answer already.` : undefined;
    case 'set-remote-answer':
      if (state !== 'have-local-offer')
        return `An answer can only be set in have-local-offer, and ${peer} is in ${state} (RFC 9429 §3.2).`;
      return hasSent(other, peer, 'answer', entries)
        ? undefined
        : `${other} has sent no answer yet; the state of ${peer} stays have-local-offer until then (RFC 9429 §3.2).`;
    default:
      return never(kind);
  }
}

/** Whether a description has left `from` for `to`, seen at either end. */
function hasSent(from: PeerLabel, to: PeerLabel, type: RTCSdpType, entries: readonly Entry[]): boolean {
  return entries.some(
    (entry) =>
      ((entry.kind === 'signal-sent' && entry.peer === from && entry.to === to) ||
        (entry.kind === 'signal-received' && entry.peer === to && entry.from === from)) &&
      'description' in entry.signal &&
      entry.signal.description.type === type,
  );
}

function shuffled<T>(list: readonly T[], random: () => number): readonly T[] {
  const keyed = list.map((item) => ({ item, key: random() }));
  return keyed.toSorted((one, another) => one.key - another.key).map(({ item }) => item);
}
