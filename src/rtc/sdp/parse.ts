/** One line of a session description, as it stands there. */
export type SdpLine = {
  /** 1-based. */
  number: number;
  /** The text without its line ending. */
  raw: string;
  /** Kept so that the lines join to the very text that was read. */
  ending: '\r\n' | '\n' | '';
  /** The letter before "=", or '' where the line is not of the form `<letter>=<value>`. */
  type: string;
  /** The name after `a=`; only attribute lines have one. */
  attribute?: string;
  /** What follows `<letter>=`, or `a=<attribute>:`; '' for an attribute without a value. */
  value: string;
  /** The media section that the line belongs to, from 0; −1 for the session section. */
  sectionIndex: number;
  /** The a=mid of that media section. */
  mid?: string;
};

/** What a payload type means in one media section. */
export type Codec = {
  payloadType: string;
  /** As the a=rtpmap line spells it, or the name that RFC 3551 fixes for the number. */
  name: string;
  clockRateHz: number;
  /** Audio only, 1 where nothing is said. */
  channels?: number;
  /** The a=rtpmap line, missing for a static payload type that nobody spelled out. */
  line?: number;
};

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export type MediaSection = {
  index: number;
  lines: readonly SdpLine[];
  mid?: string;
  /** audio, video, application, … */
  kind: string;
  /** Undefined where the m= line cannot be read. */
  port?: number;
  protocol: string;
  /** Payload types in order of preference, or `webrtc-datachannel`. */
  formats: readonly string[];
  /** Its own direction, else that of the session section, else sendrecv (RFC 8866 §6.7). */
  direction: Direction;
  bundleOnly: boolean;
  /** Port 0 without a=bundle-only: refused or stopped. */
  rejected: boolean;
  /** By payload type. */
  codecs: ReadonlyMap<string, Codec>;
};

/** What is wrong with the text, and where (1-based; 0 for the whole). */
export type SdpProblem = { line: number; message: string };

export type SessionDescriptionModel = {
  text: string;
  /** What the caller said it is; the text alone does not tell. */
  type?: RTCSdpType;
  lines: readonly SdpLine[];
  session: readonly SdpLine[];
  media: readonly MediaSection[];
  /** Lines that break a rule of the format. The rest is still readable. */
  problems: readonly SdpProblem[];
};

export type ParsedSdp = { ok: true; model: SessionDescriptionModel } | { ok: false; problem: SdpProblem };

/** The longest text that is read, in UTF-16 code units: a browser's largest descriptions are far below. */
export const maxSdpLength = 256 * 1024;

const knownTypes = 'vosiuepcbtrzkam';

/**
 * Reads a session description without losing anything: the lines' `raw + ending` join to `text` again.
 *
 * Two kinds of bad input are told apart, and neither throws. Text that is no session description at all (empty, over
 * `maxSdpLength`, binary, not starting with `v=`) is refused with one problem. A description with faulty lines, such as
 * one that a learner is editing, is read, and its `problems` name them. CRLF is the rule and LF is accepted, as RFC 8866
 * §5 asks of parsers.
 *
 * @param type what the description was exchanged as, where known
 * @see RFC 8866 §5 (lines), §9 (grammar)
 */
export function parseSdp(text: string, type?: RTCSdpType): ParsedSdp {
  const problem = refuse(text);
  if (problem) return { ok: false, problem };
  const lines = splitLines(text);
  const problems: SdpProblem[] = [];
  for (const line of lines) checkLine(line, problems);
  const session = lines.filter(({ sectionIndex }) => sectionIndex === -1);
  const media = readMedia(lines, session, problems);
  checkWhole(session, media, problems);
  problems.sort((a, b) => a.line - b.line);
  return { ok: true, model: { text, ...(type && { type }), lines, session, media, problems } };
}

function refuse(text: string): SdpProblem | undefined {
  if (text.trim() === '') return { line: 0, message: 'The text is empty.' };
  if (text.length > maxSdpLength) {
    return {
      line: 0,
      message: `The text is longer than ${maxSdpLength / 1024} kB; no browser writes that much.`,
    };
  }
  const binary = text.search(/[\0\uFFFD]/);
  if (binary >= 0) {
    return {
      line: text.slice(0, binary).split('\n').length,
      message: 'The text holds bytes that are not text.',
    };
  }
  if (!text.startsWith('v=')) {
    return { line: 1, message: 'A session description starts with the line "v=0"; this one does not.' };
  }
  return undefined;
}

function splitLines(text: string): SdpLine[] {
  const lines: SdpLine[] = [];
  let sectionIndex = -1;
  for (const match of text.matchAll(/([^\n]*?)(\r\n|\n|$)/g)) {
    const [whole, raw = '', ending = ''] = match;
    if (whole === '') break; // the end of the text
    const type = /^[a-z]=/.test(raw) ? raw.charAt(0) : '';
    if (type === 'm') sectionIndex += 1;
    lines.push({
      number: lines.length + 1,
      raw,
      ending: ending === '\r\n' || ending === '\n' ? ending : '',
      type,
      ...parts(type, raw),
      sectionIndex,
    });
  }
  return lines;
}

function parts(type: string, raw: string): { attribute?: string; value: string } {
  if (type !== 'a') return { value: type ? raw.slice(2) : raw };
  const colon = raw.indexOf(':');
  if (colon < 0) return { attribute: raw.slice(2), value: '' };
  return { attribute: raw.slice(2, colon), value: raw.slice(colon + 1) };
}

function checkLine({ number, raw, type, ending }: SdpLine, problems: SdpProblem[]): void {
  if (raw === '')
    problems.push({ line: number, message: 'The line is empty; every line is <letter>=<value>.' });
  else if (type === '')
    problems.push({ line: number, message: 'The line is not of the form <letter>=<value>.' });
  else if (!knownTypes.includes(type)) {
    problems.push({ line: number, message: `SDP has no line of the type "${type}=".` });
  } else if (raw.length === 2) problems.push({ line: number, message: `Nothing follows "${raw}".` });
  else if (raw.includes('\r'))
    problems.push({ line: number, message: 'A carriage return stands inside the line.' });
  if (ending === '')
    problems.push({ line: number, message: 'The last line has no line ending; browsers want one.' });
}

function readMedia(lines: SdpLine[], session: readonly SdpLine[], problems: SdpProblem[]): MediaSection[] {
  const bySection: SdpLine[][] = [];
  for (const line of lines) if (line.sectionIndex >= 0) (bySection[line.sectionIndex] ??= []).push(line);
  const inherited = directionIn(session) ?? 'sendrecv';
  return bySection.map((own, index) => {
    const mid = valueOf(own, 'mid');
    if (mid !== undefined) for (const line of own) line.mid = mid;
    const [first] = own;
    const match = /^(\S+) (\d{1,5})(?:\/\d+)? (\S+) (\S.*)$/.exec(first?.value ?? '');
    if (!match)
      problems.push({
        line: first?.number ?? 0,
        message: 'Not of the form m=<media> <port> <proto> <formats>.',
      });
    const [, kind = first?.value.split(' ')[0] ?? '', port, protocol = '', formats = ''] = match ?? [];
    const bundleOnly = own.some(({ attribute }) => attribute === 'bundle-only');
    return {
      index,
      lines: own,
      ...(mid !== undefined && { mid }),
      kind,
      ...(port !== undefined && { port: Number(port) }),
      protocol,
      formats: formats.split(' ').filter(Boolean),
      direction: directionIn(own) ?? inherited,
      bundleOnly,
      rejected: port !== undefined && Number(port) === 0 && !bundleOnly,
      codecs: readCodecs(kind, formats.split(' '), own),
    };
  });
}

function directionIn(lines: readonly SdpLine[]): Direction | undefined {
  return lines.map(({ attribute }) => attribute).find((each) => isDirection(each));
}

function isDirection(attribute: string | undefined): attribute is Direction {
  return (
    attribute === 'sendrecv' ||
    attribute === 'sendonly' ||
    attribute === 'recvonly' ||
    attribute === 'inactive'
  );
}

/** The payload types whose meaning RFC 3551 §6 fixes and that WebRTC still offers. */
const staticCodecs: Readonly<Record<string, { name: string; clockRateHz: number }>> = {
  0: { name: 'PCMU', clockRateHz: 8000 },
  8: { name: 'PCMA', clockRateHz: 8000 },
  9: { name: 'G722', clockRateHz: 8000 },
  13: { name: 'CN', clockRateHz: 8000 },
};

function readCodecs(kind: string, formats: string[], lines: readonly SdpLine[]): Map<string, Codec> {
  const codecs = new Map<string, Codec>();
  for (const payloadType of formats) {
    const fixed = kind === 'audio' ? staticCodecs[payloadType] : undefined;
    if (fixed) codecs.set(payloadType, { payloadType, ...fixed, channels: 1 });
  }
  for (const { attribute, value, number } of lines) {
    if (attribute !== 'rtpmap') continue;
    const match = /^(\d{1,3}) ([^/\s]+)\/(\d{1,9})(?:\/(\d{1,3}))?\s*$/.exec(value);
    if (!match) continue;
    const [, payloadType = '', name = '', clockRate, channels] = match;
    codecs.set(payloadType, {
      payloadType,
      name,
      clockRateHz: Number(clockRate),
      ...(kind === 'audio' && { channels: Number(channels ?? 1) }),
      line: number,
    });
  }
  return codecs;
}

function checkWhole(
  session: readonly SdpLine[],
  media: readonly MediaSection[],
  problems: SdpProblem[],
): void {
  for (const [type, name] of [
    ['o', 'origin'],
    ['s', 'session name'],
    ['t', 'timing'],
  ] as const) {
    if (!session.some((line) => line.type === type)) {
      problems.push({ line: 0, message: `The session section has no ${type}= line (${name}).` });
    }
  }
  const seen = new Map<string, number>();
  for (const { mid, lines } of media) {
    if (mid === undefined) continue;
    const number = lines.find(({ attribute }) => attribute === 'mid')?.number ?? 0;
    const before = seen.get(mid);
    if (before === undefined) seen.set(mid, number);
    else problems.push({ line: number, message: `The mid "${mid}" is already taken by line ${before}.` });
  }
}

const nothing: SessionDescriptionModel = { text: '', lines: [], session: [], media: [], problems: [] };

/** Reads a description that may be missing or no description at all; then the model is an empty one. */
export function modelOrNothing(sdp: string | undefined): SessionDescriptionModel {
  const parsed = sdp === undefined ? undefined : parseSdp(sdp);
  return parsed?.ok ? parsed.model : nothing;
}

/** The value of the first attribute of that name, '' for one without a value, undefined where there is none. */
export function valueOf(lines: readonly SdpLine[], attribute: string): string | undefined {
  return lines.find((line) => line.attribute === attribute)?.value;
}

/** All lines of that attribute, in their order. */
export function attributeLines(lines: readonly SdpLine[], attribute: string): SdpLine[] {
  return lines.filter((line) => line.attribute === attribute);
}

/** The section that a line belongs to, undefined for a line of the session section. */
export function sectionOf(line: SdpLine, { media }: SessionDescriptionModel): MediaSection | undefined {
  return media[line.sectionIndex];
}
