import { capital } from '../attributes/entry.ts';
import { describeAnswerChanges } from '../changes.ts';
import { modelOrNothing } from '../parse.ts';
import { ends, otherEnd, type EndStates, type Flow, type Observation, type Refusal } from './pair.ts';

/** What came of an edit, the gravest first. */
export type OutcomeKind =
  /** The edit could not be made: the fresh description has no such line. */
  | 'not-applicable'
  /** The unedited pair did not work either: nothing can be said. */
  | 'no-control'
  /** A call of the API was refused. */
  | 'refused'
  /** No candidate pair answered. */
  | 'ice-failed'
  /** A path was found, and the handshake on it failed. */
  | 'dtls-failed'
  /** Connected, but sound or picture does not arrive. */
  | 'no-media'
  /** Connected, but the data channel does not open. */
  | 'no-channel'
  /** It works, in another way. */
  | 'changed'
  | 'nothing';

export interface Outcome {
  readonly kind: OutcomeKind;
  /** What broke, in a sentence. */
  readonly headline: string;
  /** Everything that was otherwise than in the unedited pair, a sentence each. */
  readonly effects: readonly string[];
  /** The browser's own words: error names and messages, states. */
  readonly browserWords: readonly string[];
  /** The line in the fresh description, before and after the edit. */
  readonly edited?: Observation['edited'];
  readonly tookMs: number;
  /** How long the unedited pair took until all of it worked. */
  readonly controlMs: number;
}

/** Compares a pair whose description was edited with one whose was not: only what differs came of the edit. */
export function judge(control: Observation, trial: Observation): Outcome {
  const shared = {
    ...(trial.edited && { edited: trial.edited }),
    tookMs: trial.tookMs,
    controlMs: control.tookMs,
  };
  const say = (
    kind: OutcomeKind,
    headline: string,
    effects: readonly string[] = [],
    words = wordsOf(trial),
  ) => ({
    ...shared,
    kind,
    headline,
    effects,
    browserWords: words,
  });

  if (trial.notApplicable !== undefined) return say('not-applicable', trial.notApplicable, [], []);
  if (control.refused || !control.reached.has('connected alice') || !control.reached.has('connected bob'))
    return say(
      'no-control',
      'The pair does not connect here without the edit either, so what the edit does cannot be told.',
      [],
      wordsOf(control),
    );
  if (trial.refused) {
    const { peer, step, name } = trial.refused;
    return say('refused', `${peer}’s browser refuses it: ${step} fails with ${name}.`);
  }

  const lost = [...control.reached].filter((goal) => !trial.reached.has(goal));
  const effects = [...lostInWords(lost, control.flows), ...differences(control, trial)];
  if (lost.some((goal) => goal.startsWith('connected'))) {
    // A handshake needs a path in both directions; with one alone it is still ICE that failed.
    const isDtls =
      ends.some((end) => trial.states[end].dtls.includes('failed')) ||
      ends.every((end) => hasPath(trial.states[end]));
    return isDtls
      ? say('dtls-failed', dtlsHeadline(trial), effects)
      : say('ice-failed', iceHeadline(trial), effects);
  }
  const [first = '', ...others] = effects;
  const but = `Both ends connect, but ${first.charAt(0).toLowerCase()}${first.slice(1)}`;
  if (lost.some((goal) => goal.startsWith('media'))) return say('no-media', but, others);
  if (lost.includes('channel')) return say('no-channel', but, others);
  if (effects.length > 0) return say('changed', 'The call works, in another way.', effects, []);
  return say('nothing', 'Nothing broke: both ends connect, and all that flowed before flows.', [], []);
}

const hasPath = ({ ice }: EndStates): boolean => ice === 'connected' || ice === 'completed';

function dtlsHeadline({ states }: Observation): string {
  const isOver = ends.some(
    (end) => states[end].dtls.includes('failed') || states[end].connection === 'failed',
  );
  return isOver
    ? 'ICE finds a path, and the DTLS handshake on it fails: no keys, so no media and no data.'
    : 'ICE finds a path, and the DTLS handshake on it does not finish: no keys, so no media and no data.';
}

function iceHeadline({ states, candidateRefusals }: Observation): string {
  const isStuck = ends.every((end) => states[end].ice === 'new');
  if (isStuck) return 'ICE does not even begin: no end checks any pair of candidates.';
  const found = ends.find((end) => hasPath(states[end]));
  if (found)
    return `ICE is content at ${found} only: checks of ${found} are answered, those of ${otherEnd(found)} are not.`;
  const refused = candidateRefusals.length > 0 ? ' Candidates were refused.' : '';
  return `ICE finds no path: no pair of candidates answers.${refused}`;
}

function lostInWords(lost: readonly string[], flows: readonly Flow[]): string[] {
  return lost.map((goal) => {
    const [what, section, to] = goal.split(' ');
    if (what === 'connected') return `${section} does not become connected.`;
    if (what === 'channel') return 'The data channel does not open.';
    const flow = flows.find((one) => String(one.section) === section && one.to === to);
    const thing = flow?.kind === 'audio' ? 'sound' : 'picture';
    const from = flow ? otherEnd(flow.to) : 'the other side';
    return `No ${thing} of ${from} arrives at ${to}${flow?.mid ? ` (mid ${flow.mid})` : ''}.`;
  });
}

/** What works otherwise than before, a sentence each. */
function differences(control: Observation, trial: Observation): string[] {
  const found: string[] = [];
  for (const flow of control.flows) {
    const now = trial.flows.find(({ section, to }) => section === flow.section && to === flow.to);
    const where = `${flow.kind} (mid ${flow.mid ?? '?'}) of ${otherEnd(flow.to)}`;
    if (now?.codec && flow.codec && now.codec !== flow.codec)
      found.push(`${capital(where)} is sent as ${nameOf(now.codec)} in place of ${nameOf(flow.codec)}.`);
    if (now && now.arrived > 0 && flow.streams > 1 && now.streams < flow.streams)
      found.push(
        `${capital(where)} goes as ${now.streams} stream${now.streams === 1 ? '' : 's'} in place of ${flow.streams} layers.`,
      );
  }
  for (const end of ends)
    control.directions[end].forEach((before, index) => {
      const after = trial.directions[end][index] ?? null;
      if (before !== after)
        found.push(
          `Transceiver ${index} of ${end}: currentDirection is ${after ?? 'null'} in place of ${before ?? 'null'}.`,
        );
    });
  for (const end of ends)
    if (trial.pairs[end]?.endsWith('prflx') && control.pairs[end] && !control.pairs[end].endsWith('prflx'))
      found.push(
        `${end} was not told the address of ${otherEnd(end)} that is in use: it learned it from a connectivity check that came from there (a prflx candidate, RFC 8445 §7.3.1.3).`,
      );
  if (trial.transports !== control.transports && trial.transports > 0)
    found.push(
      trial.transports > control.transports
        ? `Nothing is bundled any more: ${trial.transports} DTLS transports in place of ${control.transports}, each with an ICE check and a handshake of its own.`
        : `${trial.transports} DTLS transport in place of ${control.transports}.`,
    );
  for (const { peer, name, message } of trial.candidateRefusals.slice(0, 2))
    if (control.candidateRefusals.length === 0)
      found.push(`${peer} refuses a candidate: ${name}: ${message}`);
  const answers = describeAnswerChanges(modelOrNothing(control.answer), modelOrNothing(trial.answer));
  if (trial.answer !== undefined) found.push(...answers.map((sentence) => `In the answer: ${sentence}`));
  return found;
}

function wordsOf({ refused, candidateRefusals, states }: Observation): string[] {
  if (refused) return [inWords(refused)];
  return [
    ...candidateRefusals.slice(0, 2).map(inWords),
    ...ends.flatMap((end) => {
      const { ice, dtls, connection, channel, dtlsErrors } = states[end];
      const also = [
        ...(dtls.length > 0 ? [`dtls ${[...new Set(dtls)].join(', ')}`] : []),
        ...(channel ? [`data channel ${channel}`] : []),
      ];
      return [
        `${end}: iceConnectionState ${ice}, connectionState ${connection}${also.map((one) => `, ${one}`).join('')}`,
        ...dtlsErrors.map((error) => `${end}: ${error}`),
      ];
    }),
  ];
}

const inWords = ({ peer, step, name, message }: Refusal): string => `${peer}: ${step}: ${name}: ${message}`;
const nameOf = (mimeType: string): string => mimeType.split('/').at(-1) ?? mimeType;
