import type { Credentials } from './ice-lite.ts';

/** An offer that the bot cannot answer. The message is for the one who made it. */
export class UnusableOffer extends Error {
  override name = 'UnusableOffer';
}

/** What the bot has to know of an offer. Lines that it copies into its answer are single lines of bounded length. */
export interface Offer {
  /** Of the `o=` line: another one means another `RTCPeerConnection` (RFC 9429 §5.2.1). */
  readonly sessionId: string;
  readonly credentials: Credentials;
  readonly fingerprints: readonly { readonly algorithm: string; readonly value: string }[];
  /** Who begins the DTLS handshake (RFC 8842 §5.1): `active` does, `passive` waits, of `actpass` the other one decides. */
  readonly setup: string;
  readonly sections: readonly Section[];
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** What a bot takes of an offer. */
export interface Wanted {
  /** By kind, in lower case: taken where it is offered. Else, and where none is named, the first one that is offered. */
  readonly codecs: Readonly<Partial<Record<string, string>>>;
  /** Whether lost packets are repeated on streams of their own (RFC 4588). */
  readonly repair: boolean;
}

/** One m-section and what the bot makes of it. */
export interface Section {
  readonly kind: string;
  readonly protocol: string;
  readonly formats: string;
  readonly mid: string;
  /** False: its answer has port 0. */
  readonly accepted: boolean;
  /** What the offerer does with media. */
  readonly direction: Direction;
  /** For audio and video. */
  readonly codec?: Codec;
  readonly rtx?: Codec;
  /** The number under which packets carry their mid (RFC 8843 §15), 1 to 255. */
  readonly midExtension?: number;
  /** The number under which packets of sound carry their level (RFC 6464), 1 to 255. */
  readonly levelExtension?: number;
}

export interface Codec {
  /** As in `a=rtpmap`, in lower case. */
  readonly name: string;
  readonly payloadType: number;
  /** The lines that describe it, as they were offered: `a=rtpmap`, `a=fmtp`, and the feedback that the bot passes on. */
  readonly lines: readonly string[];
}

/** The bot's side of an answer. */
export interface Local {
  readonly sessionId: string;
  readonly version: number;
  readonly credentials: Credentials;
  readonly fingerprint: string;
  readonly candidates: readonly { readonly address: string; readonly port: number }[];
  readonly directionOf: (section: Section) => Direction;
  /** The bot's own SSRCs of an m-section. */
  readonly ssrcsOf: (mid: string) => { readonly media: number; readonly rtx: number };
}

/** The largest data channel message that the bot takes and returns, in bytes. */
export const MAX_MESSAGE_BYTES = 262_144;
const MAX_SECTIONS = 32;
const MAX_LINE = 2_000;
const MID = 'urn:ietf:params:rtp-hdrext:sdes:mid';
const LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';
/** Companions of a codec, not media of their own. */
const COMPANIONS = new Set(['rtx', 'red', 'ulpfec', 'flexfec-03', 'cn', 'telephone-event']);
const FEEDBACK = /^(nack|nack pli|ccm fir|goog-remb)$/;

/**
 * Reads an offer as RFC 9429 §5.8 describes it, as far as the bot needs.
 *
 * @throws {UnusableOffer}
 */
export function readOffer(sdp: string, wanted: Wanted): Offer {
  const offer = readAnswer(sdp, wanted);
  if (offer.setup !== 'actpass' && offer.setup !== 'active')
    throw new UnusableOffer(
      `the offer says a=setup:${offer.setup.slice(0, 20)}, and the bot waits for DTLS too`,
    );
  return offer;
}

/** Reads the answer to {@link writeOffer}: the same, but that it may wait for the bot to begin. @throws {UnusableOffer} */
export function readAnswer(sdp: string, wanted: Wanted): Offer {
  const lines = sdp.split(/\r\n|\n|\r/).filter((line) => line !== '');
  if (lines[0] !== 'v=0') throw new UnusableOffer('the offer is no SDP: it does not begin with v=0');
  if (lines.some((line) => line.length > MAX_LINE || !/^[a-z]=[^\0]*$/.test(line)))
    throw new UnusableOffer('the offer has a line that is not “letter=value”');
  const starts = lines.flatMap((line, index) => (line.startsWith('m=') ? [index] : []));
  if (starts.length === 0) throw new UnusableOffer('the offer has no m-section: nothing to connect');
  if (starts.length > MAX_SECTIONS)
    throw new UnusableOffer(`the offer has more than ${MAX_SECTIONS} m-sections`);
  const session = lines.slice(0, starts[0]);
  const parts = starts.map((start, index) => lines.slice(start, starts[index + 1]));
  const bundled = valueOf(session, 'group:BUNDLE ')?.split(' ') ?? [];

  const sections = parts.map((part): Section => readSection(part, session, bundled, wanted));
  const first = sections.findIndex(({ accepted }) => accepted);
  const transport = parts[first];
  if (!transport) throw new UnusableOffer('the bot can answer no m-section of the offer');
  const usernameFragment = valueOf(transport, 'ice-ufrag:') ?? valueOf(session, 'ice-ufrag:');
  const password = valueOf(transport, 'ice-pwd:') ?? valueOf(session, 'ice-pwd:');
  if (!usernameFragment || !password || !/^[\w+/]{4,256}$/.test(usernameFragment))
    throw new UnusableOffer('the offer has no ICE credentials (a=ice-ufrag, a=ice-pwd)');
  const fingerprints = [...valuesOf(transport, 'fingerprint:'), ...valuesOf(session, 'fingerprint:')]
    .map((text) => text.split(' '))
    .flatMap(([algorithm = '', value = '']) => (isFingerprint(value) ? [{ algorithm, value }] : []));
  if (fingerprints.length === 0) throw new UnusableOffer('the offer has no usable a=fingerprint');
  const setup = valueOf(transport, 'setup:') ?? valueOf(session, 'setup:') ?? 'actpass';
  const sessionId = session.find((line) => line.startsWith('o='))?.split(' ')[1] ?? '';
  return { sessionId, credentials: { usernameFragment, password }, fingerprints, setup, sections };
}

function readSection(
  part: string[],
  session: readonly string[],
  bundled: readonly string[],
  wanted: Wanted,
): Section {
  const [kind = '', port = '', protocol = '', ...formats] = (part[0] ?? '').slice(2).split(' ');
  const mid = valueOf(part, 'mid:') ?? '';
  if (!/^[\w-]{1,32}$/.test(mid)) throw new UnusableOffer('an m-section has no usable a=mid');
  const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;
  const direction =
    directions.find((name) => part.includes(`a=${name}`)) ??
    directions.find((name) => session.includes(`a=${name}`)) ??
    'sendrecv';
  const alive = port !== '0' || part.includes('a=bundle-only');
  // One transport: of m-sections that are not bundled only the first can be served (RFC 8843 §7.3).
  const reachable = bundled.length > 0 ? bundled.includes(mid) : true;
  const section = { kind, protocol, formats: formats.join(' '), mid, direction };
  if (!alive || !reachable || protocol.length > 64) return { ...section, accepted: false };
  if (kind === 'application')
    return { ...section, accepted: formats[0] === 'webrtc-datachannel' && protocol.endsWith('DTLS/SCTP') };
  if (kind !== 'audio' && kind !== 'video') return { ...section, accepted: false };
  const codec =
    readCodec(part, formats, (name) => name === wanted.codecs[kind]) ??
    readCodec(part, formats, (name) => !COMPANIONS.has(name));
  const rtx =
    codec &&
    wanted.repair &&
    readCodec(part, formats, (name, fmtp) => name === 'rtx' && fmtp.includes(`apt=${codec.payloadType}`));
  const numberOf = (uri: string) => {
    const extension = valuesOf(part, 'extmap:').find((text) => text.split(' ')[1] === uri);
    const number = extension ? Number.parseInt(extension, 10) : 0;
    return number > 0 && number < 256 ? number : undefined;
  };
  const [midExtension, levelExtension] = [numberOf(MID), numberOf(LEVEL)];
  return {
    ...section,
    accepted: codec !== undefined && part.includes('a=rtcp-mux'),
    ...(codec && { codec }),
    ...(rtx && { rtx }),
    ...(midExtension && { midExtension }),
    ...(levelExtension && { levelExtension }),
  };
}

/** The first format that fits, with its lines. */
function readCodec(
  part: readonly string[],
  formats: readonly string[],
  fits: (name: string, parameters: readonly string[]) => boolean,
): Codec | undefined {
  for (const format of formats) {
    const payloadType = Number(format);
    if (!/^\d{1,3}$/.test(format) || payloadType > 127) continue;
    const rtpmap = part.find((line) => line.startsWith(`a=rtpmap:${format} `));
    const name = /^a=rtpmap:\d+ ([\w.-]+)\/\d+/.exec(rtpmap ?? '')?.[1]?.toLowerCase();
    const fmtp = part.find((line) => line.startsWith(`a=fmtp:${format} `));
    const parameters = (fmtp ?? '')
      .replace(/^a=fmtp:\d+ /, '')
      .split(';')
      .map((text) => text.trim());
    if (!rtpmap || !name || !fits(name, parameters)) continue;
    const feedback = [...valuesOf(part, `rtcp-fb:${format} `), ...valuesOf(part, 'rtcp-fb:* ')]
      .filter((text) => FEEDBACK.test(text))
      .map((text) => `a=rtcp-fb:${format} ${text}`);
    return { name, payloadType, lines: [rtpmap, ...new Set(feedback), ...(fmtp ? [fmtp] : [])] };
  }
  return undefined;
}

/** The answer (RFC 9429 §5.3.1): one codec each, everything on one transport. */
export function writeAnswer(offer: Offer, local: Local): string {
  const accepted = offer.sections.filter(({ accepted }) => accepted);
  const lines = [
    'v=0',
    `o=- ${local.sessionId} ${local.version} IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${accepted.map(({ mid }) => mid).join(' ')}`,
    'a=ice-lite',
    'a=msid-semantic: WMS *',
  ];
  for (const section of offer.sections) {
    const { kind, protocol, formats, mid, codec, rtx } = section;
    if (!section.accepted) {
      lines.push(`m=${kind} 0 ${protocol} ${formats}`, 'c=IN IP4 0.0.0.0', `a=mid:${mid}`, 'a=inactive');
      continue;
    }
    const own = codec ? [codec, ...(rtx ? [rtx] : [])] : [];
    const types = own.map(({ payloadType }) => payloadType).join(' ');
    const [candidate] = local.candidates;
    lines.push(
      `m=${kind} ${candidate?.port ?? 9} ${protocol} ${codec ? types : 'webrtc-datachannel'}`,
      `c=IN IP4 ${candidate?.address ?? '0.0.0.0'}`,
      `a=mid:${mid}`,
      `a=ice-ufrag:${local.credentials.usernameFragment}`,
      `a=ice-pwd:${local.credentials.password}`,
      `a=fingerprint:sha-256 ${local.fingerprint}`,
      'a=setup:passive',
    );
    if (section === accepted[0]) lines.push(...local.candidates.map(candidateLine), 'a=end-of-candidates');
    if (!codec) {
      lines.push('a=sctp-port:5000', `a=max-message-size:${MAX_MESSAGE_BYTES}`);
      continue;
    }
    const direction = local.directionOf(section);
    lines.push(`a=${direction}`, 'a=rtcp-mux', 'a=rtcp-rsize');
    if (section.midExtension) lines.push(`a=extmap:${section.midExtension} ${MID}`);
    lines.push(...own.flatMap((one) => one.lines));
    if (!direction.startsWith('send')) continue;
    const { media, rtx: repair } = local.ssrcsOf(mid);
    lines.push(`a=msid:bot bot-${mid}`);
    if (rtx) lines.push(`a=ssrc-group:FID ${media} ${repair}`);
    lines.push(`a=ssrc:${media} cname:bot`, ...(rtx ? [`a=ssrc:${repair} cname:bot`] : []));
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** What a bot sends to a server in the middle, in an m-section each. */
const offered = [
  {
    kind: 'audio',
    mid: '0',
    formats: '111',
    lines: ['a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10;useinbandfec=1', `a=extmap:2 ${LEVEL}`],
  },
  {
    kind: 'video',
    mid: '1',
    formats: '96',
    lines: ['a=rtpmap:96 VP8/90000', 'a=rtcp-fb:96 nack', 'a=rtcp-fb:96 nack pli', 'a=rtcp-fb:96 ccm fir'],
  },
] as const;

/** Where the bot sends what, of its own offer. */
export const offeredSections = [
  { mid: '0', source: 'microphone' },
  { mid: '1', source: 'camera' },
] as const;

/** An offer of its sound and its picture (RFC 9429 §5.2.1), to somebody who only receives. */
export function writeOffer(local: Omit<Local, 'directionOf'>): string {
  const lines = [
    'v=0',
    `o=- ${local.sessionId} ${local.version} IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${offered.map(({ mid }) => mid).join(' ')}`,
    'a=msid-semantic: WMS *',
  ];
  for (const section of offered) {
    const [candidate] = local.candidates;
    const ssrc = local.ssrcsOf(section.mid).media;
    lines.push(
      `m=${section.kind} ${candidate?.port ?? 9} UDP/TLS/RTP/SAVPF ${section.formats}`,
      `c=IN IP4 ${candidate?.address ?? '0.0.0.0'}`,
      `a=mid:${section.mid}`,
      `a=ice-ufrag:${local.credentials.usernameFragment}`,
      `a=ice-pwd:${local.credentials.password}`,
      `a=fingerprint:sha-256 ${local.fingerprint}`,
      'a=setup:actpass',
      'a=sendonly',
      'a=rtcp-mux',
      'a=rtcp-rsize',
      ...section.lines,
      `a=msid:bot bot-${section.mid}`,
      `a=ssrc:${ssrc} cname:bot`,
    );
    if (section === offered[0]) lines.push(...local.candidates.map(candidateLine), 'a=end-of-candidates');
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** What the answer of a server in the middle tells besides: where it is to be checked, over UDP and IPv4. */
export function candidatesIn(sdp: string): { readonly address: string; readonly port: number }[] {
  const found = new Map<string, { address: string; port: number }>();
  for (const text of valuesOf(sdp.split(/\r\n|\n|\r/), 'candidate:')) {
    const [, component, transport = '', , address = '', port] = text.split(' ');
    if (component !== '1' || transport.toLowerCase() !== 'udp' || !/^\d{1,3}(\.\d{1,3}){3}$/.test(address))
      continue;
    const candidate = { address, port: Number(port) };
    if (candidate.port > 0 && candidate.port < 65_536) found.set(`${address}:${port}`, candidate);
  }
  return [...found.values()];
}

/** Host candidates in the order of preference; the priority is that of RFC 8445 §5.1.2.1 with type preference 126. */
function candidateLine({ address, port }: { address: string; port: number }, index: number): string {
  const priority = 126 * 2 ** 24 + (65_535 - index) * 2 ** 8 + 255;
  return `a=candidate:${index + 1} 1 udp ${priority} ${address} ${port} typ host`;
}

function valueOf(lines: readonly string[], name: string): string | undefined {
  return valuesOf(lines, name)[0];
}

function valuesOf(lines: readonly string[], name: string): string[] {
  return lines.filter((line) => line.startsWith(`a=${name}`)).map((line) => line.slice(2 + name.length));
}

function isFingerprint(value: string): boolean {
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){19,63}$/i.test(value);
}
