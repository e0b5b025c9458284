/** Writes the SFU's own descriptions: answers for what comes up, offers for what goes down (RFC 9429 §5). */
import type { ServerCandidate } from '../../../src/protocol/middlebox.ts';
import type { Codec, Extensions } from '../core/types.ts';
import { MAX_MESSAGE_BYTES, type LocalDescription } from '../transport/transport.ts';
import type { Chosen } from './choose.ts';
import { type Description, extensionUris } from './read.ts';

/** The `o=` line: one id for each connection, a version for each description. */
export interface Origin {
  readonly sessionId: string;
  readonly version: number;
}

/** One m-section of an offer. */
export type OfferedSection = {
  readonly kind: 'audio' | 'video';
  readonly mid: string;
  /** Of a refused m-section that is kept in its place: port 0. */
  readonly isRefused: boolean;
  readonly codec: Codec;
  readonly extensions: Extensions;
  /** What is sent; null: nothing at the moment. */
  readonly sends: {
    readonly stream: string;
    readonly track: string;
    readonly cname: string;
    readonly ssrc: number;
    readonly rtxSsrc: number | undefined;
  } | null;
};

/** The answer to an offer of a publisher. @param chosen by mid; m-sections that are not in it are refused */
export function writeAnswer(
  offer: Description,
  chosen: ReadonlyMap<string, Chosen>,
  local: LocalDescription,
  origin: Origin,
): string {
  const accepted = offer.sections.filter(
    (section) => section.isAlive && (section.kind === 'application' || chosen.has(section.mid)),
  );
  const lines = head(
    origin,
    local,
    accepted.map(({ mid }) => mid),
  );
  for (const section of offer.sections) {
    const { media, protocol, formats, mid } = section;
    if (!accepted.includes(section)) {
      lines.push(...refusedLines(section));
      continue;
    }
    const own = chosen.get(mid);
    const payloadTypes = own ? formatsOf(own.codec) : formats.join(' ');
    lines.push(
      ...transportLines(`m=${media} 9 ${protocol} ${payloadTypes}`, mid, local, section === accepted[0]),
    );
    if (!own) {
      lines.push('a=sctp-port:5000', `a=max-message-size:${MAX_MESSAGE_BYTES}`);
      continue;
    }
    lines.push('a=recvonly', 'a=rtcp-mux', 'a=rtcp-rsize', ...extensionLines(own.extensions));
    lines.push(...codecLines(own.codec, own.feedback));
    // In the order of the offer: it is the browser's, and it is the same set.
    const rids = section.rids;
    lines.push(...rids.map((rid) => `a=rid:${rid} recv`));
    if (rids.length > 0) lines.push(`a=simulcast:recv ${rids.join(';')}`);
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** How many ways to one server are worth trying. */
const MAX_CANDIDATES = 64;

/** What the offer has left out, once it has been answered: with the m-section that all others are bundled with. */
export function candidatesFor(
  answer: Description,
  { candidates, usernameFragment }: LocalDescription,
): ServerCandidate[] {
  const first = answer.sections.find(({ isAlive }) => isAlive);
  if (!first) return [];
  return candidates.slice(0, MAX_CANDIDATES).map((candidate) => ({
    candidate: `candidate:${candidate}`,
    sdpMid: first.mid,
    usernameFragment,
  }));
}

/** An offer of what goes down to one participant. */
export function writeOffer(
  sections: readonly OfferedSection[],
  local: LocalDescription,
  origin: Origin,
): string {
  const alive = sections.filter(({ isRefused }) => !isRefused);
  const lines = head(
    origin,
    local,
    alive.map(({ mid }) => mid),
  );
  // RFC 8840 §4.1.3: there may be more candidates than it names.
  lines.push('a=ice-options:trickle');
  for (const section of sections) {
    const { kind, mid, codec, extensions, sends } = section;
    const line = (port: number) => `m=${kind} ${port} UDP/TLS/RTP/SAVPF ${formatsOf(codec)}`;
    if (section.isRefused) {
      lines.push(line(0), 'c=IN IP4 0.0.0.0', `a=mid:${mid}`, 'a=inactive', ...codecLines(codec, 'none'));
      continue;
    }
    lines.push(...transportLines(line(9), mid, { ...local, setup: 'actpass' }, section === alive[0]));
    lines.push(sends ? 'a=sendonly' : 'a=inactive', 'a=rtcp-mux', 'a=rtcp-rsize');
    lines.push(...extensionLines(extensions), ...codecLines(codec, kind === 'video' ? 'goog-remb' : 'none'));
    if (sends) lines.push(...sendsLines(sends));
  }
  return `${lines.join('\r\n')}\r\n`;
}

function head({ sessionId, version }: Origin, local: LocalDescription, mids: readonly string[]): string[] {
  return [
    'v=0',
    `o=- ${sessionId} ${version} IN IP4 0.0.0.0`,
    's=-',
    't=0 0',
    ...(mids.length > 0 ? [`a=group:BUNDLE ${mids.join(' ')}`] : []),
    ...(local.lite ? ['a=ice-lite'] : []),
    'a=extmap-allow-mixed',
    'a=msid-semantic: WMS *',
  ];
}

function transportLines(mLine: string, mid: string, local: LocalDescription, isFirst: boolean): string[] {
  const { usernameFragment, password, fingerprint, setup, candidates } = local;
  return [
    mLine,
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    `a=ice-ufrag:${usernameFragment}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`,
    `a=setup:${setup}`,
    // All are bundled with the first one, whose addresses are theirs (RFC 9143 §7.2).
    ...(isFirst && candidates.length > 0
      ? [...candidates.map((candidate) => `a=candidate:${candidate}`), 'a=end-of-candidates']
      : []),
  ];
}

/** An m-section that is not taken (RFC 9429 §5.3.1): port 0. */
function refusedLines({ media, protocol, formats, mid }: Description['sections'][number]): string[] {
  return [`m=${media} 0 ${protocol} ${formats.join(' ')}`, 'c=IN IP4 0.0.0.0', `a=mid:${mid}`, 'a=inactive'];
}

function formatsOf({ payloadType, rtxPayloadType }: Codec): string {
  return rtxPayloadType === undefined ? String(payloadType) : `${payloadType} ${rtxPayloadType}`;
}

function extensionLines(extensions: Extensions): string[] {
  const names = Object.keys(extensionUris) as (keyof Extensions)[];
  return names.flatMap((name) =>
    extensions[name] === undefined ? [] : [`a=extmap:${extensions[name]} ${extensionUris[name]}`],
  );
}

function codecLines(codec: Codec, feedback: Chosen['feedback']): string[] {
  const { kind, name, payloadType, clockRate, channels, parameters, rtxPayloadType } = codec;
  const repairs = kind === 'video' ? ['nack', 'nack pli', 'ccm fir'] : [];
  return [
    `a=rtpmap:${payloadType} ${name}/${clockRate}${channels ? `/${channels}` : ''}`,
    ...[...repairs, ...(feedback === 'none' ? [] : [feedback])].map(
      (text) => `a=rtcp-fb:${payloadType} ${text}`,
    ),
    ...(parameters ? [`a=fmtp:${payloadType} ${parameters}`] : []),
    ...(rtxPayloadType === undefined
      ? []
      : [`a=rtpmap:${rtxPayloadType} rtx/${clockRate}`, `a=fmtp:${rtxPayloadType} apt=${payloadType}`]),
  ];
}

/** What is sent in one m-section of an answer, under the numbers of the offer. */
export interface SentSection {
  readonly codec: Codec;
  readonly extensions: Extensions;
  readonly sends: OfferedSection['sends'];
}

/** The answer to the offer of somebody who only receives. @param sent by mid; m-sections that are not in it are refused */
export function writeSendAnswer(
  offer: Description,
  sent: ReadonlyMap<string, SentSection>,
  local: LocalDescription,
  origin: Origin,
): string {
  const accepted = offer.sections.filter(({ isAlive, mid }) => isAlive && sent.has(mid));
  const lines = head(
    origin,
    local,
    accepted.map(({ mid }) => mid),
  );
  for (const section of offer.sections) {
    const { media, protocol, mid } = section;
    const own = accepted.includes(section) ? sent.get(mid) : undefined;
    if (!own) {
      lines.push(...refusedLines(section));
      continue;
    }
    const { codec, extensions, sends } = own;
    lines.push(
      ...transportLines(`m=${media} 9 ${protocol} ${formatsOf(codec)}`, mid, local, section === accepted[0]),
    );
    lines.push('a=sendonly', 'a=rtcp-mux', 'a=rtcp-rsize', ...extensionLines(extensions));
    lines.push(
      ...codecLines(
        codec,
        section.feedback.has('goog-remb') && codec.kind === 'video' ? 'goog-remb' : 'none',
      ),
    );
    if (sends) lines.push(...sendsLines(sends));
  }
  return `${lines.join('\r\n')}\r\n`;
}

function sendsLines({ stream, track, cname, ssrc, rtxSsrc }: NonNullable<OfferedSection['sends']>): string[] {
  return [
    `a=msid:${stream} ${track}`,
    ...(rtxSsrc === undefined ? [] : [`a=ssrc-group:FID ${ssrc} ${rtxSsrc}`]),
    `a=ssrc:${ssrc} cname:${cname}`,
    ...(rtxSsrc === undefined ? [] : [`a=ssrc:${rtxSsrc} cname:${cname}`]),
  ];
}
