import { diffDescriptions, type LineChange } from './align.ts';
import { capital, counted, listed } from './attributes/entry.ts';
import {
  attributeLines,
  valueOf,
  type Direction,
  type MediaSection,
  type SdpLine,
  type SessionDescriptionModel,
} from './parse.ts';

/**
 * What changed from one description to a later one of the same peer, a sentence each: what it did first, the details after.
 *
 * Every line that differs is accounted for, by a sentence of its own or in the count at the end.
 *
 * @see RFC 9429 §5.2.2 (subsequent offers), §5.3.2 (subsequent answers)
 */
export function describeChanges(before: SessionDescriptionModel, after: SessionDescriptionModel): string[] {
  if (before.text === after.text) return ['Nothing: it is the same text.'];
  const sentences = [...origin(before, after), ...sections(before, after)];
  for (const [was, is] of pairs(before, after))
    sentences.push(...mediaChanges(was, is), ...streamChanges(was, is));
  sentences.push(...transport(before, after));
  const rest = diffDescriptions(before, after).filter(
    (change) => !isTold(change) && !isAboutOneSide(change, before, after),
  );
  const counts = Map.groupBy(rest, topicOf);
  if (counts.size > 0)
    sentences.push(
      `Other lines that differ: ${listed([...counts].map(([topic, { length }]) => `${length} ${topic}`))}.`,
    );
  return sentences;
}

/**
 * What the same answerer makes of another offer, without what is drawn by lot for each connection.
 *
 * @param before the answer of one connection
 * @param after  the answer of another one that was set up alike
 */
export function describeAnswerChanges(
  before: SessionDescriptionModel,
  after: SessionDescriptionModel,
): string[] {
  const sentences = sections(before, after);
  for (const [was, is] of pairs(before, after)) sentences.push(...mediaChanges(was, is));
  const lines = diffDescriptions(before, after).filter(
    (change) => !isDrawnByLot(change) && !isAboutOneSide(change, before, after),
  );
  for (const change of lines.slice(0, 4)) sentences.push(inWords(change));
  if (lines.length > 4) sentences.push(`${counted(lines.length - 4, 'more line')} like that.`);
  return sentences;
}

/**
 * What the answer leaves out of the offer or narrows down, a sentence each; one sentence where it takes all.
 *
 * @see RFC 3264 §6, RFC 9429 §5.3.1
 */
export function describeAnswer(offer: SessionDescriptionModel, answer: SessionDescriptionModel): string[] {
  const sentences: string[] = [];
  if (answer.media.length !== offer.media.length)
    sentences.push(
      `The answer has ${counted(answer.media.length, 'm-section')} and the offer ${offer.media.length}: they must be as many (RFC 3264 §6).`,
    );
  for (const [asked, said] of pairs(offer, answer)) {
    if (asked.rejected) continue;
    const name = nameOf(asked);
    if (said.rejected) {
      sentences.push(`${name} is refused: port 0.`);
      continue;
    }
    if (asked.mid !== undefined && said.mid !== undefined && asked.mid !== said.mid)
      sentences.push(`${name} comes back as mid ${said.mid}: it must keep its mid (RFC 9429 §5.3.1).`);
    const flow = narrowed(asked.direction, said.direction);
    if (flow) sentences.push(`${name}: ${asked.direction} → ${said.direction}, ${flow}.`);
    const [offered, taken] = [codecNames(asked), codecNames(said)];
    const dropped = offered.filter((codec) => !taken.includes(codec));
    if (dropped.length > 0)
      sentences.push(
        `${name}: ${taken.length} of ${counted(offered.length, 'codec')} taken; left out: ${listed(dropped)}.`,
      );
    if (taken[0] && offered[0] && taken[0] !== offered[0])
      sentences.push(`${name}: ${taken[0]} is preferred, the offer preferred ${offered[0]}.`);
    const extensions =
      attributeLines(asked.lines, 'extmap').length - attributeLines(said.lines, 'extmap').length;
    if (extensions > 0) sentences.push(`${name}: ${counted(extensions, 'header extension')} not taken.`);
    if (valueOf(asked.lines, 'simulcast') !== undefined && valueOf(said.lines, 'simulcast') === undefined)
      sentences.push(`${name}: simulcast is not taken, one layer will be sent.`);
    for (const [attribute, what] of [
      ['rtcp-mux', 'RTCP gets a port of its own'],
      ['rtcp-rsize', 'no reduced-size RTCP'],
    ] as const)
      if (has(asked, attribute) && !has(said, attribute))
        sentences.push(`${name}: ${what} (no a=${attribute}).`);
  }
  const [offered, bundled] = [bundleOf(offer), bundleOf(answer)];
  const alone = offered.filter(
    (mid) => !bundled.includes(mid) && !answer.media.find((one) => one.mid === mid)?.rejected,
  );
  if (alone.length > 0) sentences.push(`Not bundled any more: mid ${listed(alone)}.`);
  if (sentences.length === 0) sentences.push('It takes everything that was offered.');
  const setup = valueOf(answer.lines, 'setup');
  if (setup === 'active') sentences.push('The answerer starts the DTLS handshake (a=setup:active).');
  if (setup === 'passive') sentences.push('The offerer starts the DTLS handshake (a=setup:passive).');
  return sentences;
}

/** The words of `o=`: user name, session id, version, … (RFC 8866 §5.2). */
const originOf = ({ session }: SessionDescriptionModel): string[] =>
  session.find(({ type }) => type === 'o')?.value.split(' ') ?? [];
const sessionId = (model: SessionDescriptionModel): string | undefined => originOf(model)[1];

function origin(before: SessionDescriptionModel, after: SessionDescriptionModel): string[] {
  const [was, is] = [originOf(before)[2], originOf(after)[2]];
  if (sessionId(before) !== sessionId(after))
    return [
      'o= names another session: it is another connection, with ICE credentials and a certificate of its own.',
    ];
  return was === is ? [] : [`o= version ${was ?? '?'} → ${is ?? '?'}.`];
}

function sections(before: SessionDescriptionModel, after: SessionDescriptionModel): string[] {
  const sentences: string[] = [];
  const added = after.media.slice(before.media.length);
  if (added.length > 0)
    sentences.push(
      `${counted(added.length, 'm-section')} added: ${listed(added.map((one) => inShort(one)))}.`,
    );
  const gone = before.media.slice(after.media.length);
  if (gone.length > 0)
    sentences.push(
      `${counted(gone.length, 'm-section')} gone: ${listed(gone.map((one) => inShort(one)))}. Sections may not go, only be off.`,
    );
  for (const [was, is] of pairs(before, after)) {
    if (isRecycled(was, is))
      sentences.push(`m-section ${was.index} is used again: ${inShort(was)} → ${inShort(is)}.`);
    else if (!was.rejected && is.rejected) sentences.push(`${nameOf(was)} is off now: port 0.`);
    else if (was.rejected && !is.rejected) sentences.push(`${nameOf(is)} is on again.`);
  }
  return sentences;
}

const isRecycled = (was: MediaSection, is: MediaSection): boolean =>
  was.kind !== is.kind || (was.mid !== undefined && is.mid !== undefined && was.mid !== is.mid);

/** Direction and codecs. */
function mediaChanges(was: MediaSection, is: MediaSection): string[] {
  if (isRecycled(was, is) || was.rejected || is.rejected) return [];
  const sentences: string[] = [];
  const name = nameOf(is);
  if (was.direction !== is.direction)
    sentences.push(`Direction of ${inShort(is)}: ${was.direction} → ${is.direction}.`);
  const [before, after] = [codecNames(was), codecNames(is)];
  const [added, gone] = [
    after.filter((one) => !before.includes(one)),
    before.filter((one) => !after.includes(one)),
  ];
  if (gone.length > 0) sentences.push(`${name}: ${listed(gone)} no longer there.`);
  if (added.length > 0) sentences.push(`${name}: ${listed(added)} now there too.`);
  if (before[0] !== after[0] && before[0] && after[0])
    sentences.push(`${name}: preferred codec ${before[0]} → ${after[0]}.`);
  else if (gone.length + added.length === 0 && was.formats.join() !== is.formats.join())
    sentences.push(`${name}: the payload types are others, or in another order.`);
  return sentences;
}

/** Streams, layers and header extensions. */
function streamChanges(was: MediaSection, is: MediaSection): string[] {
  if (isRecycled(was, is) || was.rejected || is.rejected) return [];
  const sentences: string[] = [];
  const name = nameOf(is);
  if (
    String(attributeLines(was.lines, 'msid').map(({ value }) => value)) !==
    String(attributeLines(is.lines, 'msid').map(({ value }) => value))
  )
    sentences.push(`${name}: another stream or track is named (a=msid).`);
  const [layersBefore, layersAfter] = [was, is].map(({ lines }) => attributeLines(lines, 'rid').length);
  if (layersBefore !== layersAfter)
    sentences.push(`${name}: ${layersBefore} → ${layersAfter} simulcast layers.`);
  const extensions = attributeLines(is.lines, 'extmap').length - attributeLines(was.lines, 'extmap').length;
  if (extensions !== 0)
    sentences.push(
      `${name}: ${counted(Math.abs(extensions), 'header extension')} ${extensions > 0 ? 'more' : 'fewer'}.`,
    );
  return sentences;
}

function transport(before: SessionDescriptionModel, after: SessionDescriptionModel): string[] {
  const sentences: string[] = [];
  const first = (model: SessionDescriptionModel, attribute: string) => valueOf(model.lines, attribute);
  const isSameSession = sessionId(before) === sessionId(after);
  if (isSameSession && first(before, 'ice-ufrag') !== first(after, 'ice-ufrag'))
    sentences.push('ICE has a new user name fragment and password: an ICE restart (RFC 8445 §9).');
  if (
    isSameSession &&
    first(before, 'fingerprint')?.toLowerCase() !== first(after, 'fingerprint')?.toLowerCase()
  )
    sentences.push('The DTLS fingerprint is another one: another certificate.');
  const [was, is] = [first(before, 'setup'), first(after, 'setup')];
  if (was !== is) sentences.push(`DTLS role: ${was ?? 'not said'} → ${is ?? 'not said'}.`);
  const [bundledBefore, bundledAfter] = [bundleOf(before), bundleOf(after)];
  if (bundledBefore.join() !== bundledAfter.join())
    sentences.push(
      `Bundled: mid ${bundledBefore.join(', ') || 'none'} → ${bundledAfter.join(', ') || 'none'}.`,
    );
  const candidates =
    attributeLines(after.lines, 'candidate').length - attributeLines(before.lines, 'candidate').length;
  if (candidates !== 0)
    sentences.push(
      `${counted(Math.abs(candidates), 'candidate')} ${candidates > 0 ? 'more' : 'fewer'} in it.`,
    );
  return sentences;
}

/** Attributes that have a sentence of their own above. */
const told: ReadonlySet<string | undefined> = new Set(
  'sendrecv sendonly recvonly inactive ice-ufrag ice-pwd fingerprint setup candidate msid rid simulcast group'.split(
    ' ',
  ),
);
/** The m= line repeats codecs, and with c= and a=rtcp the default candidate (RFC 8839 §4.2.1.2). */
const isTold = (change: LineChange): boolean => {
  const { type, attribute } = lineOf(change);
  return 'omc'.includes(type || '-') || attribute === 'rtcp' || told.has(attribute);
};

/** What each connection draws by lot: another value says nothing, a missing line would. */
function isDrawnByLot(change: LineChange): boolean {
  const { type, attribute = '' } = lineOf(change);
  if ('omc'.includes(type || '-') || directions.has(attribute)) return true; // the latter has its sentence
  if (/^(?:candidate|end-of-candidates|rtcp|ssrc|ssrc-group|msid-semantic)$/.test(attribute)) return true;
  return change.kind === 'changed' && isDrawn(lineOf(change));
}
const isDrawn = ({ attribute = '' }: SdpLine): boolean =>
  /^(?:ice-ufrag|ice-pwd|fingerprint|msid)$/.test(attribute);
const directions: ReadonlySet<string> = new Set(['sendrecv', 'sendonly', 'recvonly', 'inactive']);

/** What a line is about, for a count; plural or not. */
function topicOf(change: LineChange): string {
  const { attribute = '' } = lineOf(change);
  if (/^(?:rtpmap|fmtp|rtcp-fb)$/.test(attribute)) return 'of codecs';
  if (/^(?:ssrc|ssrc-group|msid-semantic)$/.test(attribute)) return 'of streams (SSRC)';
  return attribute === 'extmap' ? 'of header extensions' : 'others';
}

/** About a section, or a codec, that is there on one side only: that has its sentence. */
function isAboutOneSide(
  change: LineChange,
  before: SessionDescriptionModel,
  after: SessionDescriptionModel,
): boolean {
  if (change.sectionIndex < 0) return false;
  const [was, is] = [before.media[change.sectionIndex], after.media[change.sectionIndex]];
  if (!was || !is || was.rejected !== is.rejected || isRecycled(was, is)) return true;
  const { attribute = '', value } = lineOf(change);
  if (!/^(?:rtpmap|fmtp|rtcp-fb)$/.test(attribute)) return false;
  const [payloadType = ''] = value.split(' ');
  return was.formats.includes(payloadType) !== is.formats.includes(payloadType);
}

const lineOf = (change: LineChange): SdpLine => (change.kind === 'removed' ? change.before : change.after);

function inWords(change: LineChange): string {
  switch (change.kind) {
    case 'added':
      return `${change.after.raw} is there as well.`;
    case 'removed':
      return `${isDrawn(change.before) ? `a=${change.before.attribute}` : change.before.raw} is missing.`;
    case 'changed':
      return `${change.before.raw} → ${change.after.raw}.`;
    default:
      throw change satisfies never;
  }
}

function pairs(
  before: SessionDescriptionModel,
  after: SessionDescriptionModel,
): [MediaSection, MediaSection][] {
  return before.media.flatMap((was, index): [MediaSection, MediaSection][] => {
    const is = after.media[index];
    return is ? [[was, is]] : [];
  });
}

/** What an answer takes from a direction; undefined where all that was offered flows. */
function narrowed(offered: Direction, answered: Direction): string | undefined {
  const [toAnswerer, toOfferer] = [
    offered === 'sendrecv' || offered === 'sendonly',
    offered === 'sendrecv' || offered === 'recvonly',
  ];
  const [taken, given] = [
    toAnswerer && (answered === 'sendrecv' || answered === 'recvonly'),
    toOfferer && (answered === 'sendrecv' || answered === 'sendonly'),
  ];
  if (taken === toAnswerer && given === toOfferer) return undefined;
  if (!taken && !given) return 'nothing flows';
  return taken ? 'only the offerer sends' : 'only the answerer sends';
}

function codecNames({ formats, codecs }: MediaSection): string[] {
  const names = formats.flatMap((format) => codecs.get(format)?.name ?? []);
  return [...new Set(names)];
}

const has = ({ lines }: MediaSection, attribute: string): boolean => valueOf(lines, attribute) !== undefined;

function bundleOf({ session }: SessionDescriptionModel): string[] {
  const group = attributeLines(session, 'group').find(({ value }) => /^BUNDLE(?: |$)/.test(value));
  return group?.value.split(' ').slice(1) ?? [];
}

const kindName = (kind: string): string => (kind === 'application' ? 'data channels' : kind);
const inShort = ({ kind, mid }: MediaSection): string =>
  `${kindName(kind)}${mid === undefined ? '' : ` (mid ${mid})`}`;
const nameOf = (section: MediaSection): string => capital(inShort(section));
