import { codecAttributes } from './attributes/codecs.ts';
import {
  type At,
  type Entry,
  numbersOf,
  pointingTo,
  rfc,
  type Said,
  unknownMeaning,
} from './attributes/entry.ts';
import { streamAttributes } from './attributes/streams.ts';
import { transportAttributes } from './attributes/transport.ts';
import { codecInfo, grouped } from './codecs.ts';
import type { Explanation, Field } from './explanation.ts';
import { attributeLines, type SdpLine, sectionOf, type SessionDescriptionModel } from './parse.ts';

export type { Explanation, Spec } from './explanation.ts';
export { specUrl } from './explanation.ts';

/**
 * Explains one line: what it is, what its very values mean, where that is written down, and which lines it points to.
 *
 * A line that we do not know, or whose value has not the form it must have, is answered with `known: false` and a text
 * that says so.
 *
 * @param line a line of `model`
 */
export function explainLine(line: SdpLine, model: SessionDescriptionModel): Explanation {
  const entry = line.attribute === undefined ? lineTypes.get(line.type) : attributes.get(line.attribute);
  if (!entry) return unknown(line);
  const section = sectionOf(line, model);
  const neighbours = section?.lines ?? model.session;
  const { title, spec } = entry;
  const said = entry.explain({ line, value: line.value.trim(), section, neighbours, model });
  if (!said) {
    const what = line.attribute === undefined ? `${line.type}=` : `a=${line.attribute}`;
    return {
      known: false,
      title,
      text: `The value of this ${what} line does not have the form that we know for it.`,
      spec,
    };
  }
  const { also = [], ...rest } = said;
  return { known: true, title, spec, ...rest, ...(also.length > 0 && { also }) };
}

function unknown({ raw, type, attribute }: SdpLine): Explanation {
  if (attribute !== undefined) {
    return {
      known: false,
      title: `a=${attribute}`,
      text: `The attribute "${attribute}" is not known to us. Whoever does not know an attribute skips it, and so do browsers.`,
      spec: rfc(8866, '5.13', 'Attributes ("a=")'),
    };
  }
  const text = type
    ? `A line of the type "${type}=" is not known to us.`
    : raw === ''
      ? 'An empty line, which SDP does not allow.'
      : 'This is no line of SDP: each one is a letter, an equals sign and a value.';
  return {
    known: false,
    title: type ? `${type}=` : 'Not SDP',
    text,
    spec: rfc(8866, '5', 'SDP Specification'),
  };
}

const attributes: ReadonlyMap<string, Entry> = new Map(
  Object.entries({ ...transportAttributes, ...codecAttributes, ...streamAttributes }),
);

const lineTypes: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  [
    'v',
    {
      title: 'Protocol version',
      spec: rfc(8866, '5.1', 'Protocol Version ("v=")'),
      explain: ({ value }) =>
        value === '0'
          ? {
              text: 'A session description of SDP version 0 begins here. There has never been another version.',
            }
          : undefined,
    },
  ],
  ['o', { title: 'Origin', spec: rfc(8866, '5.2', 'Origin ("o=")'), explain: explainOrigin }],
  [
    's',
    {
      title: 'Session name',
      spec: rfc(8866, '5.3', 'Session Name ("s=")'),
      explain: ({ value }) =>
        value === '-' || value === ''
          ? { text: 'The session has no name; SDP wants the line all the same, so WebRTC writes a dash.' }
          : { text: `The session is called "${value}". WebRTC makes nothing of it.` },
    },
  ],
  [
    't',
    {
      title: 'Time active',
      spec: rfc(8866, '5.9', 'Time Active ("t=")'),
      explain: ({ value }) =>
        value === '0 0'
          ? {
              text: 'The session has no set beginning or end. SDP was made for announcing broadcasts, where these were times.',
              fields: [
                { name: 'start-time', value: '0', meaning: 'now' },
                { name: 'stop-time', value: '0', meaning: 'open' },
              ],
            }
          : {
              text: `The session is announced for the time from ${value.replace(' ', ' to ')} (seconds since 1900). WebRTC always says 0 0.`,
            },
    },
  ],
  [
    'c',
    {
      title: 'Connection information',
      spec: rfc(8866, '5.7', 'Connection Information ("c=")'),
      explain: explainConnection,
    },
  ],
  [
    'b',
    { title: 'Bandwidth', spec: rfc(8866, '5.8', 'Bandwidth Information ("b=")'), explain: explainBandwidth },
  ],
  [
    'm',
    {
      title: 'Media description',
      spec: rfc(8866, '5.14', 'Media Descriptions ("m=")'),
      explain: explainMedia,
    },
  ],
  ['i', plain('Session information', '5.4', 'Session Information ("i=")', 'A title for people to read')],
  ['u', plain('URI', '5.5', 'URI ("u=")', 'A page about the session')],
  [
    'e',
    plain(
      'Email address',
      '5.6',
      'Email Address and Phone Number ("e=" and "p=")',
      'Who answers for the session',
    ),
  ],
  [
    'p',
    plain(
      'Phone number',
      '5.6',
      'Email Address and Phone Number ("e=" and "p=")',
      'Who answers for the session',
    ),
  ],
  ['r', plain('Repeat times', '5.10', 'Repeat Times ("r=")', 'When the session is repeated')],
  ['z', plain('Time zone adjustment', '5.11', 'Time Zone Adjustment ("z=")', 'When clocks change')],
  [
    'k',
    plain(
      'Encryption key',
      '5.12',
      'Encryption Keys ("k=")',
      'An obsolete way to send a key, which must not be used',
    ),
  ],
]);

function plain(title: string, section: string, specTitle: string, says: string): Entry {
  return {
    title,
    spec: rfc(8866, section, specTitle),
    explain: ({ value }) => ({ text: `${says}: ${value}. WebRTC does not use this line.` }),
  };
}

function explainOrigin({ value }: At): Said | undefined {
  const [username = '', id = '', version = '', nettype = '', addrtype = '', address = '', more] =
    value.split(' ');
  if (address === '' || more !== undefined || !/^\d+$/.test(id) || !/^\d+$/.test(version)) return undefined;
  const isMozilla = username.startsWith('mozilla');
  const placeholder = address === '0.0.0.0' || address === '127.0.0.1';
  return {
    text: `This description is version ${version} of session ${id}. Each new offer or answer of this peer keeps the session id and raises the version when something has changed.`,
    fields: [
      {
        name: 'username',
        value: username,
        meaning:
          username === '-' ? 'no user name' : isMozilla ? "the name of Firefox's SDP code" : 'a user name',
      },
      { name: 'sess-id', value: id, meaning: 'chosen at random for this peer connection' },
      { name: 'sess-version', value: version, meaning: 'counts the changes' },
      { name: 'nettype', value: nettype, meaning: nettype === 'IN' ? 'Internet' : unknownMeaning },
      { name: 'addrtype', value: addrtype, meaning: addressTypes[addrtype] ?? unknownMeaning },
      {
        name: 'unicast-address',
        value: address,
        meaning: placeholder
          ? 'a placeholder, so that no address is given away'
          : 'the address of the writer',
      },
    ],
    also: [rfc(9429, '5.2.1', 'JSEP: Initial Offers')],
  };
}

const addressTypes: Readonly<Record<string, string>> = { IP4: 'IPv4', IP6: 'IPv6' };

function explainConnection({ value, section, neighbours }: At): Said | undefined {
  const [nettype = '', addrtype = '', address = '', more] = value.split(' ');
  if (address === '' || more !== undefined) return undefined;
  const placeholder = address === '0.0.0.0' || address === '::';
  const candidates = attributeLines(neighbours, 'candidate').filter(
    (line) => line.value.split(' ')[4] === address,
  );
  return {
    text: placeholder
      ? `No address is named ${section?.port === 0 ? 'for this section' : 'here'}: ${address} is a placeholder, and ICE finds the way through the candidates.`
      : `${address} is the default address, for a peer that knows no ICE. WebRTC peers ignore it and use the candidates.`,
    fields: [
      { name: 'nettype', value: nettype, meaning: nettype === 'IN' ? 'Internet' : unknownMeaning },
      { name: 'addrtype', value: addrtype, meaning: addressTypes[addrtype] ?? unknownMeaning },
      {
        name: 'connection-address',
        value: address,
        meaning: placeholder ? 'no address yet' : 'that of the default candidate',
      },
    ],
    ...(placeholder
      ? { also: [rfc(9429, '5.2.1', 'JSEP: Initial Offers')] }
      : pointingTo(...numbersOf(candidates))),
  };
}

function explainBandwidth({ value, section }: At): Said | undefined {
  const match = /^(AS|TIAS|CT|RS|RR):(\d+)$/.exec(value);
  if (!match) return undefined;
  const [, type = '', amount = ''] = match;
  const what = section ? 'for this media section' : 'for the whole session';
  const texts: Readonly<Record<string, string>> = {
    AS: `This peer wants to receive at most ${grouped(amount)} kbit/s ${what}, headers included.`,
    TIAS: `This peer wants to receive at most ${grouped(amount)} bit/s ${what}, headers not included.`,
    CT: `All media together shall take at most ${grouped(amount)} kbit/s.`,
    RS: `Senders may use ${grouped(amount)} bit/s for RTCP.`,
    RR: `Receivers may use ${grouped(amount)} bit/s for RTCP.`,
  };
  return {
    text: texts[type] ?? '',
    fields: [
      { name: 'bwtype', value: type, meaning: bandwidthTypes[type] ?? unknownMeaning },
      {
        name: 'bandwidth',
        value: amount,
        meaning: type === 'AS' || type === 'CT' ? 'kilobits per second' : 'bits per second',
      },
    ],
    ...(type === 'TIAS' && {
      also: [{ name: 'RFC 3890', title: 'A Transport Independent Bandwidth Modifier for SDP' }],
    }),
    ...(type.startsWith('R') && { also: [rfc(3556, '2', 'SDP Bandwidth Modifiers for RTCP Bandwidth')] }),
  };
}

const bandwidthTypes: Readonly<Record<string, string>> = {
  AS: 'application-specific maximum',
  TIAS: 'transport-independent maximum',
  CT: 'conference total',
  RS: 'RTCP of senders',
  RR: 'RTCP of receivers',
};

const protocols: Readonly<Record<string, string>> = {
  'UDP/TLS/RTP/SAVPF': 'RTP over UDP, encrypted (S), with quick feedback (F), keys from a DTLS handshake',
  'TCP/TLS/RTP/SAVPF': 'RTP over TCP, encrypted (S), with quick feedback (F), keys from a DTLS handshake',
  'TCP/DTLS/RTP/SAVPF': 'RTP over TCP, encrypted (S), with quick feedback (F), keys from a DTLS handshake',
  'RTP/SAVPF': 'encrypted RTP with quick feedback, as older descriptions write it',
  'RTP/SAVP': 'encrypted RTP without quick feedback, as telephones use it',
  'RTP/AVPF': 'RTP without encryption, which WebRTC forbids',
  'RTP/AVP': 'RTP without encryption, which WebRTC forbids',
  'UDP/DTLS/SCTP': 'SCTP, the protocol of data channels, inside DTLS over UDP',
  'TCP/DTLS/SCTP': 'SCTP, the protocol of data channels, inside DTLS over TCP',
  'DTLS/SCTP': 'SCTP inside DTLS, as older descriptions write it',
};

function explainMedia({ section }: At): Said | undefined {
  if (!section || section.port === undefined) return undefined;
  const { kind, port, protocol, formats, index, codecs, rejected, bundleOnly } = section;
  const isData = kind === 'application';
  const firstCodec = codecs.get(formats[0] ?? '');
  const preferred = firstCodec
    ? ` Of the ${formats.length} formats, ${formats[0]} (${firstCodec.name}) is preferred.`
    : '';
  const portText = rejected
    ? 'Port 0: it is off, refused by the answerer or stopped, and stays only so that the others keep their places.'
    : bundleOnly
      ? 'Port 0 with a=bundle-only: it uses the transport of another section.'
      : port === 9
        ? 'Port 9 is a placeholder: the real ones are in the candidates.'
        : `Port ${port} is that of the default candidate.`;
  const what = isData ? 'data channels: all of them, however many there are' : kind;
  const fields: Field[] = [
    { name: 'media', value: kind, meaning: isData ? 'data channels' : kind },
    {
      name: 'port',
      value: String(port),
      meaning: rejected
        ? 'refused or stopped'
        : bundleOnly
          ? 'bundled only'
          : port === 9
            ? 'a placeholder'
            : 'of the default candidate',
    },
    { name: 'proto', value: protocol, meaning: protocols[protocol] ?? unknownMeaning },
    ...formats.map((format, i) => ({ name: 'fmt', value: format, meaning: formatMeaning(format, i) })),
  ];
  function formatMeaning(format: string, i: number): string {
    if (format === 'webrtc-datachannel') return 'WebRTC data channels';
    const codec = codecs.get(format);
    if (!codec) return 'no a=rtpmap line names it';
    const known = codecInfo(codec.name) ? '' : ', not known to us';
    return `${codec.name}${i === 0 && formats.length > 1 ? ', preferred' : ''}${known}`;
  }
  return {
    text: `Media section ${index} begins here, for ${what}. ${portText}${rejected ? '' : preferred}`,
    fields,
    also: [
      isData ? rfc(8841, '4', 'SDP Media Descriptions') : rfc(9429, '5.2.1', 'JSEP: Initial Offers'),
      ...(rejected ? [rfc(3264, '6', 'Generating the Answer')] : []),
    ],
    ...pointingTo(
      ...formats.map((format) => codecs.get(format)?.line),
      ...defaultCandidates(port, section.lines),
    ),
  };
}

function defaultCandidates(port: number, lines: readonly SdpLine[]): SdpLine[] {
  if (port === 0 || port === 9) return [];
  return attributeLines(lines, 'candidate')
    .filter((candidate) => candidate.value.split(' ')[5] === String(port))
    .slice(0, 1);
}
