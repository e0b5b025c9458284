import { matches, type Entry, type PeerLabel } from './timeline.ts';

/** Something that has to happen in a call, and what has to have happened before it. */
export interface Step {
  readonly id: string;
  /** What the step is, for a person. */
  readonly text: string;
  readonly is: (entry: Entry) => boolean;
  /** Ids of the steps before. Steps that do not name each other may come in either order. */
  readonly after: readonly string[];
}

/** How a record disagrees with the steps. */
export type Violation =
  | { readonly why: 'missing'; readonly step: string; readonly text: string }
  | { readonly why: 'too-early'; readonly step: string; readonly before: string; readonly text: string };

/**
 * The partial order of one offer and its answer with trickle ICE: what must come before what, and nothing more.
 * Gathering, for one, may end before the answer or after it.
 *
 * @see RFC 9429 (JSEP) §3.2 and §3.5; webrtc-pc §4.4.1.5 (descriptions) and §4.3.3 (states); RFC 8838 §4 (trickle)
 */
export function callSteps(offerer: PeerLabel, answerer: PeerLabel): readonly Step[] {
  const of = (peer: PeerLabel, wanted: Partial<Entry>) => (entry: Entry) =>
    entry.peer === peer && matches(entry, wanted);
  const crossed =
    (peer: PeerLabel, kind: 'signal-sent' | 'signal-received', type: 'offer' | 'answer') => (entry: Entry) =>
      entry.peer === peer &&
      entry.kind === kind &&
      'description' in entry.signal &&
      entry.signal.description.type === type;
  const described = (peer: PeerLabel, side: 'local' | 'remote', type: RTCSdpType) =>
    of(peer, { kind: 'description', side, type });

  const exchange: Step[] = [
    step('offer-set', `${offerer} sets its offer`, described(offerer, 'local', 'offer'), []),
    step('offer-sent', `${offerer} sends it`, crossed(offerer, 'signal-sent', 'offer'), ['offer-set']),
    step('offer-received', `${answerer} receives it`, crossed(answerer, 'signal-received', 'offer'), [
      'offer-sent',
    ]),
    step('offer-applied', `${answerer} sets it`, described(answerer, 'remote', 'offer'), ['offer-received']),
    step('answer-set', `${answerer} sets its answer`, described(answerer, 'local', 'answer'), [
      'offer-applied',
    ]),
    step('answer-sent', `${answerer} sends it`, crossed(answerer, 'signal-sent', 'answer'), ['answer-set']),
    step('answer-received', `${offerer} receives it`, crossed(offerer, 'signal-received', 'answer'), [
      'answer-sent',
    ]),
    step('answer-applied', `${offerer} sets it`, described(offerer, 'remote', 'answer'), ['answer-received']),
  ];
  const states = [offerer, answerer].flatMap((peer): Step[] => {
    const local = peer === offerer ? 'offer-set' : 'answer-set';
    const remote = peer === offerer ? 'answer-applied' : 'offer-applied';
    // Checks begin while the remote description is being applied, and Chromium tells of them before it is. The
    // answerer's checks reach the offerer even before its answer does, and Chromium is `checking` from then on.
    const heard = 'offer-received';
    const state = (kind: Entry['kind'], value: string) => of(peer, { kind, state: value } as Partial<Entry>);
    return [
      step(`${peer}-candidate`, `${peer} finds a candidate`, of(peer, { kind: 'candidate', side: 'local' }), [
        local,
      ]),
      step(
        `${peer}-remote-candidate`,
        `${peer} adds one of the other’s`,
        of(peer, { kind: 'candidate', side: 'remote' }),
        [remote],
      ),
      step(`${peer}-checking`, `${peer} checks candidate pairs`, state('ice-connection-state', 'checking'), [
        heard,
      ]),
      step(
        `${peer}-ice-connected`,
        `${peer} has a pair that answers`,
        state('ice-connection-state', 'connected'),
        [`${peer}-checking`],
      ),
      step(`${peer}-connecting`, `${peer} is connecting`, state('connection-state', 'connecting'), [local]),
      step(`${peer}-connected`, `${peer} is connected`, state('connection-state', 'connected'), [
        `${peer}-connecting`,
        `${peer}-ice-connected`,
      ]),
    ];
  });
  return [...exchange, ...states];
}

/** The steps for a call with media: tracks appear with the remote description, frames once connected. */
export function mediaSteps(offerer: PeerLabel, answerer: PeerLabel): readonly Step[] {
  return [offerer, answerer].flatMap((peer) => [
    step(
      `${peer}-track`,
      `${peer} is told of a track`,
      (entry) => entry.peer === peer && entry.kind === 'track',
      [peer === offerer ? 'answer-received' : 'offer-received'],
    ),
    step(
      `${peer}-frame`,
      `${peer} decodes a frame`,
      (entry) => entry.peer === peer && entry.kind === 'first-frame',
      [`${peer}-track`, `${peer}-ice-connected`],
    ),
  ]);
}

/** Where a record breaks the order; empty when it keeps it. The first entry that fits a step counts for it. */
export function checkOrder(entries: readonly Entry[], steps: readonly Step[]): readonly Violation[] {
  const position = new Map(steps.map(({ id, is }) => [id, entries.findIndex(is)]));
  const texts = new Map(steps.map(({ id, text }) => [id, text]));
  return steps.flatMap(({ id, text, after }): Violation[] => {
    const at = position.get(id) ?? -1;
    if (at < 0) return [{ why: 'missing', step: id, text: `“${text}” never happened` }];
    return after
      .filter((before) => (position.get(before) ?? -1) > at)
      .map((before) => ({
        why: 'too-early',
        step: id,
        before,
        text: `“${text}” came before “${texts.get(before)}”`,
      }));
  });
}

/**
 * One record from those of two pages, in an order that cannot be wrong: each page's own order is kept, and what was
 * received comes after it was sent. Their clocks are not compared, since no two agree.
 */
export function mergeRecords(one: readonly Entry[], other: readonly Entry[]): readonly Entry[] {
  const queues = [[...one], [...other]];
  const sent = new Set<string>();
  const merged: Entry[] = [];
  const sentElsewhere = new Set(
    queues.flat().flatMap((entry) => (entry.kind === 'signal-sent' ? [entry.id] : [])),
  );
  const ready = (entry: Entry) =>
    entry.kind !== 'signal-received' || sent.has(entry.id) || !sentElsewhere.has(entry.id);
  for (;;) {
    const queue = queues.find(([next]) => next && ready(next)) ?? queues.find(([next]) => next);
    const next = queue?.shift();
    if (!next) return merged;
    if (next.kind === 'signal-sent') sent.add(next.id);
    merged.push(next);
  }
}

function step(id: string, text: string, is: Step['is'], after: readonly string[]): Step {
  return { id, text, is, after };
}
