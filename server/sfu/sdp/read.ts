/** Reads what a browser describes (RFC 8866, RFC 9429), as far as an SFU needs it. Nothing of it is trusted. */
import { Refusal } from '../../signaling/refusal.ts';
import type { Codec, Extensions } from '../core/types.ts';
import type { TransportDescription } from '../transport/transport.ts';

export interface Description {
  /** Of the `o=` line: another one means another `RTCPeerConnection` (RFC 9429 §5.2.1). */
  readonly sessionId: string;
  readonly sections: readonly Section[];
  /** Of the first m-section that is alive: all are bundled with it. */
  readonly transport: TransportDescription;
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface Section {
  readonly kind: 'audio' | 'video' | 'application' | 'other';
  /** Of the m-line, to be repeated in the answer. */
  readonly media: string;
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly mid: string;
  /** False: port 0 without `a=bundle-only`, refused or stopped; or outside of the bundle. */
  readonly isAlive: boolean;
  readonly direction: Direction;
  /** Those that the SFU can forward, in the order in which they are preferred, each with its repair. */
  readonly codecs: readonly Codec[];
  readonly extensions: Extensions;
  /** What it sends as simulcast (RFC 8853), as it is listed: the most preferred first. */
  readonly rids: readonly string[];
  readonly ssrcs: readonly { readonly ssrc: number; readonly rtx?: number }[];
  /** Feedback that is offered for its codecs. */
  readonly feedback: ReadonlySet<string>;
}

/** Descriptions of browsers with twenty m-sections have some 60 kB. */
const MAX_LENGTH = 262_144;
const MAX_LINES = 8_000;
const MAX_LINE = 2_000;
/** Of a connection down: {@link MAX_SLOTS} of `slots.ts` and then some. */
const MAX_SECTIONS = 300;
const MAX_CODECS = 64;
const MAX_RIDS = 8;
const MAX_SSRCS = 16;

/** What can be forwarded, by encoding name in lower case. */
const FORWARDED: Readonly<Record<string, { readonly kind: 'audio' | 'video'; readonly name: string }>> = {
  opus: { kind: 'audio', name: 'opus' },
  vp8: { kind: 'video', name: 'VP8' },
  vp9: { kind: 'video', name: 'VP9' },
  h264: { kind: 'video', name: 'H264' },
  av1: { kind: 'video', name: 'AV1' },
};

export const extensionUris = {
  mid: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  rid: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  repairedRid: 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  absSendTime: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  transportCc: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  audioLevel: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
} as const satisfies Record<keyof Extensions, string>;

const extensionNames = Object.keys(extensionUris) as (keyof Extensions)[];

/**
 * @throws {Refusal} `bad-description` with a sentence for whoever wrote it
 */
export function readDescription(sdp: string): Description {
  if (sdp.length > MAX_LENGTH) throw bad(`it is longer than ${MAX_LENGTH / 1024} kB`);
  const lines = sdp.split(/\r\n|\n|\r/, MAX_LINES + 1).filter((line) => line !== '');
  if (lines.length > MAX_LINES) throw bad(`it has more than ${MAX_LINES} lines`);
  if (lines[0] !== 'v=0') throw bad('it does not begin with v=0');
  const odd = lines.findIndex((line) => line.length > MAX_LINE || !/^[a-z]=[^\0]*$/.test(line));
  if (odd >= 0) throw bad(`its line ${odd + 1} is not “letter=value”`);
  const starts = lines.flatMap((line, index) => (line.startsWith('m=') ? [index] : []));
  if (starts.length === 0) throw bad('it has no m-section, so there is nothing to connect');
  if (starts.length > MAX_SECTIONS) throw bad(`it has more than ${MAX_SECTIONS} m-sections`);

  const session = new Lines(lines.slice(0, starts[0]));
  const bundled = new Set(session.values('group').flatMap((text) => text.split(' ').slice(1)));
  const parts = starts.map((start, index) => new Lines(lines.slice(start, starts[index + 1])));
  const sections = parts.map((part, index) => readSection(part, session, bundled, index));
  const mids = new Set(sections.map(({ mid }) => mid));
  if (mids.size < sections.length) throw bad('two of its m-sections have the same a=mid');

  const first = parts[sections.findIndex(({ isAlive }) => isAlive)] ?? parts[0];
  return {
    sessionId:
      lines
        .find((line) => line.startsWith('o='))
        ?.split(' ')[1]
        ?.slice(0, 64) ?? '',
    sections,
    transport: readTransport(first ?? session, session),
  };
}

function readTransport(part: Lines, session: Lines): TransportDescription {
  const of = (name: string) => part.value(name) ?? session.value(name);
  const usernameFragment = of('ice-ufrag') ?? '';
  const password = of('ice-pwd') ?? '';
  // RFC 8839 §5.4: letters, digits, + and /
  if (!/^[A-Za-z0-9+/]{4,256}$/.test(usernameFragment) || !/^[A-Za-z0-9+/]{22,256}$/.test(password))
    throw bad('it has no usable ICE credentials (a=ice-ufrag, a=ice-pwd)');
  const fingerprints = [...part.values('fingerprint'), ...session.values('fingerprint')].flatMap((text) => {
    const [algorithm = '', value = ''] = text.split(' ');
    return isFingerprint(algorithm, value)
      ? [{ algorithm: algorithm.toLowerCase(), value: value.toUpperCase() }]
      : [];
  });
  const fingerprint = fingerprints.find(({ algorithm }) => algorithm === 'sha-256') ?? fingerprints[0];
  if (!fingerprint) throw bad('it has no usable a=fingerprint (SHA-256, SHA-384 or SHA-512)');
  const setup = of('setup') ?? 'actpass';
  if (setup !== 'active' && setup !== 'passive' && setup !== 'actpass')
    throw bad('its a=setup is none of active, passive and actpass');
  return { usernameFragment, password, fingerprint, setup };
}

function readSection(part: Lines, session: Lines, bundled: ReadonlySet<string>, index: number): Section {
  const [media = '', port = '', protocol = '', ...formats] = part.first.slice(2).split(' ');
  const where = `its m-section ${index + 1}`;
  const mid = part.value('mid') ?? '';
  if (!/^[A-Za-z0-9]{1,16}$/.test(mid)) throw bad(`${where} has no a=mid of 1 to 16 letters and digits`);
  if (!/^[a-z]{1,32}$/.test(media) || !/^\d{1,5}$/.test(port) || !/^[A-Z/]{1,64}$/.test(protocol))
    throw bad(`${where} has an m-line that cannot be read`);
  if (formats.length > 128 || formats.some((format) => !/^[\w.*-]{1,64}$/.test(format)))
    throw bad(`${where} has formats that cannot be read`);
  const kind = media === 'audio' || media === 'video' || media === 'application' ? media : 'other';
  const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;
  const direction =
    directions.find((name) => part.has(name)) ?? directions.find((name) => session.has(name)) ?? 'sendrecv';
  // Firefox writes port 0 into m-lines that have no transport but that of the bundle (RFC 9143 §6).
  const isAlive =
    (port !== '0' || part.has('bundle-only')) && (bundled.size > 0 ? bundled.has(mid) : index === 0);
  const common = { kind, media, protocol, formats, mid, direction } as const;
  if (kind !== 'audio' && kind !== 'video') {
    const isData =
      kind === 'application' && protocol.endsWith('DTLS/SCTP') && formats[0] === 'webrtc-datachannel';
    return {
      ...common,
      isAlive: isAlive && isData,
      codecs: [],
      extensions: {},
      rids: [],
      ssrcs: [],
      feedback: new Set(),
    };
  }
  return {
    ...common,
    isAlive: isAlive && protocol === 'UDP/TLS/RTP/SAVPF' && part.has('rtcp-mux'),
    codecs: readCodecs(part, kind, formats),
    extensions: readExtensions(part, session),
    rids: readRids(part),
    ssrcs: readSsrcs(part),
    feedback: new Set(part.values('rtcp-fb').map((text) => text.replace(/^\S+ /, ''))),
  };
}

/** In the order of the m-line, which is the order of preference (RFC 3264 §5.1). */
function readCodecs(part: Lines, kind: 'audio' | 'video', formats: readonly string[]): Codec[] {
  const names = new Map<string, { name: string; clockRate: number; channels: number | undefined }>();
  for (const text of part.values('rtpmap')) {
    const [, format, name = '', clock, channels] =
      /^(\d{1,3}) ([\w.-]{1,32})\/(\d{1,9})(?:\/(\d{1,2}))?$/.exec(text) ?? [];
    if (format && !names.has(format))
      names.set(format, {
        name: name.toLowerCase(),
        clockRate: Number(clock),
        channels: channels ? Number(channels) : undefined,
      });
  }
  const parameters = new Map<string, string>();
  for (const text of part.values('fmtp')) {
    const space = text.indexOf(' ');
    if (space > 0 && !parameters.has(text.slice(0, space)))
      parameters.set(text.slice(0, space), text.slice(space + 1));
  }
  const repairs = new Map<string, number>();
  for (const format of formats) {
    const payloadType = payloadTypeOf(format);
    const repaired = names.get(format)?.name === 'rtx' && parameter(parameters.get(format), 'apt');
    if (payloadType !== undefined && repaired && !repairs.has(repaired)) repairs.set(repaired, payloadType);
  }
  const codecs: Codec[] = [];
  for (const format of formats) {
    const payloadType = payloadTypeOf(format);
    const found = names.get(format);
    const forwarded = found && Object.hasOwn(FORWARDED, found.name) ? FORWARDED[found.name] : undefined;
    if (payloadType === undefined || !found || forwarded?.kind !== kind) continue;
    if (codecs.length === MAX_CODECS || codecs.some((codec) => codec.payloadType === payloadType)) continue;
    const rtxPayloadType = repairs.get(format);
    codecs.push({
      kind,
      name: forwarded.name,
      payloadType,
      clockRate: found.clockRate,
      ...(found.channels !== undefined && { channels: found.channels }),
      parameters: parameters.get(format) ?? '',
      ...(rtxPayloadType !== undefined && { rtxPayloadType }),
    });
  }
  return codecs;
}

/** Not those for RTCP when it shares the port (RFC 5761 §4). */
function payloadTypeOf(format: string): number | undefined {
  const payloadType = /^\d{1,3}$/.test(format) ? Number(format) : 128;
  return payloadType < 64 || (payloadType >= 96 && payloadType < 128) ? payloadType : undefined;
}

/** One of the parameters of `a=fmtp`; undefined when it is not there. */
export function parameter(parameters: string | undefined, name: string): string | undefined {
  for (const text of (parameters ?? '').split(';')) {
    const [key, value] = text.trim().split('=', 2);
    if (key?.toLowerCase() === name) return value?.trim();
  }
  return undefined;
}

function readExtensions(part: Lines, session: Lines): Extensions {
  const found: Partial<Record<keyof Extensions, number>> = {};
  for (const text of [...part.values('extmap'), ...session.values('extmap')]) {
    const [, number, uri] = /^(\d{1,3})(?:\/(?:sendrecv|sendonly|recvonly|inactive))? (\S+)/.exec(text) ?? [];
    const name = extensionNames.find((candidate) => extensionUris[candidate] === uri);
    const id = Number(number);
    if (name && found[name] === undefined && id >= 1 && id <= 255 && id !== 15) found[name] = id;
  }
  return found;
}

function readRids(part: Lines): string[] {
  const list = part.value('simulcast')?.match(/(?:^| )send (\S+)/)?.[1] ?? '';
  // An alternative after a comma is not used; ~ says that the stream begins paused (RFC 8853 §5.1).
  const named = list.split(';').map((text) => text.split(',')[0]?.replace(/^~/, '') ?? '');
  const declared = new Set(
    part.values('rid').flatMap((text) => {
      const [id = '', direction] = text.split(' ');
      return direction === 'send' ? [id] : [];
    }),
  );
  const rids = named.filter((rid) => /^[A-Za-z0-9]{1,16}$/.test(rid) && declared.has(rid));
  return [...new Set(rids)].slice(0, MAX_RIDS);
}

function readSsrcs(part: Lines): { ssrc: number; rtx?: number }[] {
  const repairs = new Map<number, number>();
  for (const text of part.values('ssrc-group')) {
    const [, media, rtx] = /^FID (\d{1,10}) (\d{1,10})$/.exec(text) ?? [];
    if (media && rtx && isSsrc(Number(media)) && isSsrc(Number(rtx))) repairs.set(Number(media), Number(rtx));
  }
  const repairing = new Set(repairs.values());
  const named = new Set(part.values('ssrc').map((text) => Number.parseInt(text, 10)));
  return [...named]
    .filter((ssrc) => isSsrc(ssrc) && !repairing.has(ssrc))
    .slice(0, MAX_SSRCS)
    .map((ssrc) => {
      const rtx = repairs.get(ssrc);
      return { ssrc, ...(rtx !== undefined && { rtx }) };
    });
}

const isSsrc = (value: number) => Number.isInteger(value) && value > 0 && value <= 0xffff_ffff;

/** RFC 8122 §5, with the hashes that are still trusted. */
function isFingerprint(algorithm: string, value: string): boolean {
  const bytes = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 }[algorithm.toLowerCase()];
  return bytes !== undefined && value.length === 3 * bytes - 1 && /^[0-9A-F]{2}(:[0-9A-F]{2})+$/i.test(value);
}

/** The lines of a part of the description. */
class Lines {
  readonly first: string;
  readonly #values = new Map<string, string[]>();

  constructor(lines: readonly string[]) {
    this.first = lines[0] ?? '';
    for (const line of lines) {
      if (!line.startsWith('a=')) continue;
      const colon = line.indexOf(':');
      const name = colon < 0 ? line.slice(2) : line.slice(2, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).trim();
      const values = this.#values.get(name);
      if (values) values.push(value);
      else this.#values.set(name, [value]);
    }
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  value(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  values(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }
}

function bad(why: string): Refusal {
  return new Refusal('bad-description', `The description cannot be used: ${why}.`);
}
