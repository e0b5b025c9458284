import { browserAndVersion } from '../browser.ts';
import { parseCandidate } from '../ice/candidate.ts';
import { parseSdp } from '../sdp/parse.ts';
import { messageOf } from '../stun/message-of.ts';
import { isCheck, isRelayed, titleOf } from '../stun/summary.ts';
import type { Entry } from '../timeline.ts';
import { milestones, type Milestone } from './milestones.ts';
import type { Recording } from './schema.ts';

/** One moment in both runs. Times count from each run's first connection, so that waits before it do not matter. */
export interface MilestoneRow {
  readonly id: string;
  readonly text: string;
  readonly aMs?: number;
  readonly bMs?: number;
  /** How much later it came in the second run; absent where one of them never reached it. */
  readonly laterMs?: number;
}

/** One property of both runs in words; an empty text where a run has nothing of the kind. */
export interface PropertyRow {
  readonly topic: Topic;
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly differs: boolean;
}

export const topics = ['Run', 'Description', 'Path', 'Messages', 'Trouble', 'Media'] as const;
export type Topic = (typeof topics)[number];

export interface Comparison {
  readonly milestones: readonly MilestoneRow[];
  readonly properties: readonly PropertyRow[];
}

/** What two runs have in common and where they differ. */
export function compareRuns(a: Recording, b: Recording): Comparison {
  return { milestones: compareMilestones(a.entries, b.entries), properties: compareProperties(a, b) };
}

function compareMilestones(a: readonly Entry[], b: readonly Entry[]): readonly MilestoneRow[] {
  const [inA, inB] = [milestones(a), milestones(b)];
  const [startA, startB] = [startOf(a), startOf(b)];
  const both = new Map<string, { a?: Milestone; b?: Milestone }>();
  for (const one of inA) both.set(one.id, { a: one });
  for (const one of inB) both.set(one.id, { ...both.get(one.id), b: one });
  return [...both].map(([id, { a: one, b: other }]) => ({
    id,
    text: (one ?? other)?.text ?? id,
    ...(one && { aMs: one.atMs - startA }),
    ...(other && { bMs: other.atMs - startB }),
    ...(one && other && { laterMs: other.atMs - startB - (one.atMs - startA) }),
  }));
}

const startOf = (entries: readonly Entry[]): number =>
  (entries.find(({ kind }) => kind === 'peer-opened') ?? entries[0])?.atMs ?? 0;

function compareProperties(a: Recording, b: Recording): readonly PropertyRow[] {
  const [inA, inB] = [propertiesOf(a), propertiesOf(b)];
  const keys = new Map([...inA, ...inB].map(([key, { topic, name }]) => [key, { topic, name }]));
  return [...keys]
    .map(([key, { topic, name }]) => {
      const [one, other] = [inA.get(key)?.value ?? '', inB.get(key)?.value ?? ''];
      return { topic, name, a: one, b: other, differs: one !== other };
    })
    .toSorted((one, other) => topics.indexOf(one.topic) - topics.indexOf(other.topic));
}

interface Property {
  readonly topic: Topic;
  readonly name: string;
  readonly value: string;
}

function propertiesOf({
  title,
  userAgent,
  arrangement,
  controls,
  peers,
  entries,
}: Recording): Map<string, Property> {
  const found = new Map<string, Property>();
  const add = (topic: Topic, name: string, value: string) => {
    if (value !== '') found.set(`${topic} ${name}`, { topic, name, value });
  };
  add('Run', 'lab', title);
  add('Run', 'browser', browserAndVersion(userAgent));
  add('Run', 'arrangement', arrangement);
  for (const [name, value] of Object.entries(controls)) add('Run', `choice “${name}”`, value);
  for (const peer of peers) {
    const own = entries.filter((entry) => entry.peer === peer);
    add('Run', `${peer}: configuration`, configurationOf(own));
    add('Description', `${peer}: m-sections`, sectionsOf(own));
    for (const kind of ['audio', 'video'] as const) {
      add('Description', `${peer}: ${kind} codecs that the answer allows`, codecsOf(own, kind));
      add('Media', `${peer}: ${kind} received as`, codecInUse(own, kind));
    }
    add('Path', `${peer}: candidates found`, candidateTypes(own));
    add('Path', `${peer}: selected pair`, selectedPair(own));
    add('Messages', `${peer}: sent`, signalsSent(own));
    add('Messages', `${peer}: at the STUN/TURN server`, atServer(own));
    add('Media', `${peer}: mean bitrate received`, meanBitrate(own));
    add('Media', `${peer}: mean loss`, meanLoss(own));
    add('Media', `${peer}: mean round trip`, meanRoundTrip(own));
  }
  add('Trouble', 'errors', counted(entries.flatMap((one) => (one.kind === 'error' ? [one.code] : []))));
  add('Trouble', 'refused calls', counted(entries.flatMap(refused)));
  add('Trouble', 'faults', counted(entries.flatMap((one) => (one.kind === 'fault' ? [one.fault] : []))));
  return found;
}

function configurationOf(own: readonly Entry[]): string {
  const opened = own.find((entry) => entry.kind === 'peer-opened');
  if (!opened) return '';
  const text = JSON.stringify(opened.configuration);
  return text === '{}' ? 'the browser’s defaults' : text;
}

/** The latest description that counts: one that was taken back does not. */
function descriptionOf(own: readonly Entry[], wanted: (type: RTCSdpType) => boolean): string {
  const latest = own.findLast(
    (entry) => entry.kind === 'description' && entry.sdp !== '' && wanted(entry.type),
  );
  return latest?.kind === 'description' ? latest.sdp : '';
}

function sectionsOf(own: readonly Entry[]): string {
  const parsed = parseSdp(descriptionOf(own, (type) => type !== 'rollback'));
  if (!parsed.ok) return '';
  return parsed.model.media
    .map(({ kind, direction, rejected }) =>
      kind === 'application' ? 'data' : `${kind} ${rejected ? 'refused' : direction}`,
    )
    .join(', ');
}

/** What helps the stream but is no codec of its own. */
const HELPERS = new Set(['rtx', 'red', 'ulpfec', 'flexfec-03', 'telephone-event', 'cn']);

function codecsOf(own: readonly Entry[], kind: 'audio' | 'video'): string {
  const parsed = parseSdp(descriptionOf(own, (type) => type === 'answer'));
  if (!parsed.ok) return '';
  const names = parsed.model.media
    .filter((section) => section.kind === kind && !section.rejected)
    .flatMap(({ formats, codecs }) => formats.map((format) => codecs.get(format)?.name ?? format))
    .filter((name) => !HELPERS.has(name.toLowerCase()));
  return [...new Set(names)].join(', ');
}

function codecInUse(own: readonly Entry[], kind: 'audio' | 'video'): string {
  const used = samplesOf(own).flatMap(({ inbound }) =>
    inbound.flatMap((stream) => (stream.kind === kind && stream.codec !== undefined ? [stream.codec] : [])),
  );
  return [...new Set(used)].join(', then ');
}

function candidateTypes(own: readonly Entry[]): string {
  return counted(
    own.flatMap((entry) => {
      if (entry.kind !== 'candidate' || entry.side !== 'local') return [];
      const parsed = parseCandidate(entry.candidate);
      return [
        parsed.kind === 'candidate' ? `${parsed.candidate.type} ${parsed.candidate.protocol}` : 'unreadable',
      ];
    }),
  );
}

/** Types and protocol only: ports and addresses differ in every run. */
function selectedPair(own: readonly Entry[]): string {
  const chosen = own.findLast((entry) => entry.kind === 'selected-candidate-pair');
  if (!chosen) return '';
  const [local = '', protocol = ''] = chosen.local.split(' ');
  const [remote = ''] = chosen.remote.split(' ');
  return `${local} ↔ ${remote}, ${protocol}`;
}

function signalsSent(own: readonly Entry[]): string {
  return counted(
    own.flatMap((entry) => {
      if (entry.kind !== 'signal-sent') return [];
      if ('description' in entry.signal) return [entry.signal.description.type];
      return [entry.signal.candidate?.candidate ? 'candidate' : 'end of candidates'];
    }),
  );
}

/** What the server got and sent; packets that it only handed on differ in every run. */
function atServer(own: readonly Entry[]): string {
  return counted(
    own.flatMap((entry) => {
      const message = entry.kind === 'wire-message' && entry.at === 'server' ? messageOf(entry) : undefined;
      return message && !isRelayed(message) && !isCheck(message) ? [titleOf(message)] : [];
    }),
  );
}

const refused = (entry: Entry): string[] =>
  entry.kind === 'call-settled' && !entry.outcome.ok ? [`${entry.method}: ${entry.outcome.name}`] : [];

const samplesOf = (own: readonly Entry[]) =>
  own.flatMap((entry) => (entry.kind === 'stats' ? [entry.sample] : []));

function meanBitrate(own: readonly Entry[]): string {
  const perSample = samplesOf(own).flatMap(({ inbound }) => {
    const known = inbound.flatMap(({ bitrateBps }) => (bitrateBps === undefined ? [] : [bitrateBps]));
    return known.length > 0 ? [known.reduce((sum, one) => sum + one, 0)] : [];
  });
  const mean = meanOf(perSample);
  return mean === undefined ? '' : `${Math.round(mean / 1000)} kbit/s`;
}

function meanLoss(own: readonly Entry[]): string {
  const mean = meanOf(
    samplesOf(own).flatMap(({ inbound }) => inbound.flatMap(({ lossFraction = [] }) => lossFraction)),
  );
  return mean === undefined ? '' : `${(mean * 100).toFixed(1)} %`;
}

function meanRoundTrip(own: readonly Entry[]): string {
  const mean = meanOf(
    samplesOf(own).flatMap(({ candidatePair }) => candidatePair?.currentRoundTripTimeMs ?? []),
  );
  return mean === undefined ? '' : `${mean.toFixed(1)} ms`;
}

const meanOf = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, one) => sum + one, 0) / values.length;

/** `3 × host udp, 1 × srflx udp`, most frequent first. */
function counted(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([word, count]) => `${count} × ${word}`)
    .join(', ');
}
