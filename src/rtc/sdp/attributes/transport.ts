import { explainCandidate, familyOf, parseCandidate } from '../../ice/candidate.ts';
import type { Spec } from '../explanation.ts';
import { attributeLines } from '../parse.ts';
import { type Entry, listed, numbersOf, pointingTo, rfc, unknownMeaning } from './entry.ts';

/** Attributes about the way that packets take: ICE, DTLS, RTCP, SCTP. */
export const transportAttributes: Record<string, Entry> = {
  candidate: {
    title: 'Candidate',
    spec: rfc(8839, '5.1', '"candidate" Attribute'),
    explain({ line }) {
      const parsed = parseCandidate(line.raw);
      if (parsed.kind !== 'candidate') return undefined;
      const { protocol, address } = parsed.candidate;
      return {
        ...explainCandidate(parsed.candidate),
        also: [
          rfc(8445, '5.1.1', 'Gathering Candidates'),
          ...(protocol === 'tcp' ? [rfc(6544, '4.5', 'Encoding the SDP')] : []),
          ...(familyOf(address) === 'mDNS name' ? [mdnsSpec] : []),
        ],
      };
    },
  },
  'end-of-candidates': {
    title: 'End of candidates',
    spec: rfc(8840, '8', 'SDP "end-of-candidates" Attribute'),
    explain({ neighbours }) {
      const candidates = attributeLines(neighbours, 'candidate');
      return {
        text: `No more candidates will come for this media section: ${allOf(candidates.length)}. The other peer need not wait for more before it gives up.`,
        ...pointingTo(...numbersOf(candidates)),
      };
    },
  },
  'ice-ufrag': {
    title: 'ICE username fragment',
    spec: rfc(8839, '5.4', '"ice-ufrag" and "ice-pwd" Attributes'),
    explain: ({ value, neighbours }) =>
      value === ''
        ? undefined
        : {
            text: `"${value}" is this peer's half of the user name in every ICE connectivity check. When it changes in a later description, ICE starts again (ICE restart).`,
            fields: [{ name: 'ufrag', value, meaning: 'chosen at random, 4 to 32 characters when sent' }],
            ...pointingTo(...numbersOf(attributeLines(neighbours, 'ice-pwd'))),
          },
  },
  'ice-pwd': {
    title: 'ICE password',
    spec: rfc(8839, '5.4', '"ice-ufrag" and "ice-pwd" Attributes'),
    explain: ({ value, neighbours }) =>
      value === ''
        ? undefined
        : {
            text: 'The password that signs connectivity checks sent to this peer, so that nobody who has not read this description can answer or forge them. It belongs to the ice-ufrag beside it.',
            fields: [{ name: 'password', value, meaning: 'chosen at random, at least 22 characters' }],
            ...pointingTo(...numbersOf(attributeLines(neighbours, 'ice-ufrag'))),
          },
  },
  'ice-options': {
    title: 'ICE options',
    spec: rfc(8839, '5.6', '"ice-options" Attribute'),
    explain({ value }) {
      if (value === '') return undefined;
      const options = value.split(' ');
      const fields = options.map((option) => ({
        name: 'option',
        value: option,
        meaning: iceOptions[option] ?? unknownMeaning,
      }));
      const said = options.flatMap((option) => iceOptions[option] ?? []);
      return {
        text:
          said.length > 0 ? `This peer ${listed(said)}.` : `This peer supports the ICE extension "${value}".`,
        fields,
        also: options.includes('trickle') ? [trickleSpec] : [],
      };
    },
  },
  'ice-lite': {
    title: 'ICE lite',
    spec: rfc(8839, '5.3', '"ice-lite" and "ice-mismatch" Attributes'),
    explain: () => ({
      text: 'This peer answers connectivity checks but sends none: it is a server with a public address. The other peer controls ICE. A browser never writes this line.',
    }),
  },
  'ice-mismatch': {
    title: 'ICE mismatch',
    spec: rfc(8839, '5.3', '"ice-lite" and "ice-mismatch" Attributes'),
    explain: () => ({
      text: 'The default address of the offer was not among its candidates, so ICE is not used for this section.',
    }),
  },
  'ice-pacing': {
    title: 'ICE pacing',
    spec: rfc(8839, '5.5', '"ice-pacing" Attribute'),
    explain: ({ value }) =>
      /^\d+$/.test(value)
        ? {
            text: `This peer wants to send a connectivity check every ${value} ms; the slower wish of the two counts.`,
            fields: [{ name: 'pacing', value, meaning: 'milliseconds between checks' }],
          }
        : undefined,
  },
  'remote-candidates': {
    title: 'Remote candidates',
    spec: rfc(8839, '5.2', '"remote-candidates" Attribute'),
    explain: ({ value }) => ({ text: `ICE has settled on these candidates of the other peer: ${value}.` }),
  },
  fingerprint: {
    title: 'Certificate fingerprint',
    spec: rfc(8122, '5', 'Fingerprint Attribute'),
    explain({ value }) {
      const match = /^(\S+) ([0-9A-F]{2}(?::[0-9A-F]{2})+)$/i.exec(value);
      if (!match) return undefined;
      const [, hash = '', digest = ''] = match;
      return {
        text: `The ${hash.toUpperCase()} hash of this peer's certificate. The other peer compares it with the certificate shown in the DTLS handshake and hangs up if they differ: so the encryption is as trustworthy as the way this description took.`,
        fields: [
          {
            name: 'hash function',
            value: hash,
            meaning: hash.toLowerCase() === 'sha-1' ? 'SHA-1: too weak today' : hash.toUpperCase(),
          },
          {
            name: 'fingerprint',
            value: digest,
            meaning: `${digest.split(':').length} bytes in hexadecimal digits`,
          },
        ],
        also: [rfc(8842, '5', 'SDP Offer/Answer Procedures'), rfc(8827, '6.5', 'Communications Security')],
      };
    },
  },
  setup: {
    title: 'DTLS role',
    spec: rfc(4145, '4', 'Setup Attribute'),
    explain({ value }) {
      const meaning = setupMeanings[value];
      return meaning === undefined
        ? undefined
        : {
            text: meaning,
            fields: [{ name: 'role', value, meaning: setupRoles[value] ?? unknownMeaning }],
            also: [rfc(8842, '5', 'SDP Offer/Answer Procedures')],
          };
    },
  },
  'tls-id': {
    title: 'DTLS association id',
    spec: rfc(8842, '4', 'SDP "tls-id" Attribute'),
    explain: ({ value }) => ({
      text: 'Names the DTLS connection: the same id keeps it, a new one asks for a new handshake.',
      fields: [{ name: 'tls-id', value, meaning: 'chosen at random, 20 to 255 characters' }],
    }),
  },
  identity: {
    title: 'Identity assertion',
    spec: rfc(8827, '5', 'SDP Identity Attribute'),
    explain: () => ({
      text: 'An identity provider vouches for the fingerprint. Only Firefox ever implemented it.',
    }),
  },
  crypto: {
    title: 'SDES keys',
    spec: rfc(4568, '4', 'SDP "Crypto" Attribute and Parameters'),
    explain: () => ({
      text: 'An encryption key for SRTP, in plain text for everybody who handles this description. WebRTC forbids it: keys come from the DTLS handshake.',
      also: [rfc(8827, '6.5', 'Communications Security')],
    }),
  },
  rtcp: {
    title: 'RTCP port',
    spec: rfc(3605, '2.1', 'The RTCP Attribute'),
    explain({ value, neighbours }) {
      const match = /^(\d+)(?: (\S+) (\S+) (\S+))?$/.exec(value);
      if (!match) return undefined;
      const [, port = '', nettype, addrtype, address] = match;
      const placeholder = port === '9' && (address === undefined || address === '0.0.0.0');
      const mux = attributeLines(neighbours, 'rtcp-mux');
      const muxed = mux.length > 0 ? ' With rtcp-mux it goes unused: RTCP shares the port of RTP.' : '';
      return {
        text: placeholder
          ? `A placeholder for the address of RTCP: port 9 means "not known yet".${muxed}`
          : `Without rtcp-mux, RTCP would be expected at ${address ?? 'the address of RTP'}, port ${port}.${muxed}`,
        fields: [
          {
            name: 'port',
            value: port,
            meaning: placeholder ? 'the "discard" port: a placeholder' : 'where RTCP is expected',
          },
          ...(nettype ? [{ name: 'nettype', value: nettype, meaning: 'Internet' }] : []),
          ...(addrtype
            ? [{ name: 'addrtype', value: addrtype, meaning: addrtype === 'IP6' ? 'IPv6' : 'IPv4' }]
            : []),
          ...(address
            ? [
                {
                  name: 'address',
                  value: address,
                  meaning: placeholder ? 'no address' : 'the default RTCP candidate',
                },
              ]
            : []),
        ],
        ...pointingTo(...numbersOf(mux)),
      };
    },
  },
  'rtcp-mux': {
    title: 'RTP and RTCP on one port',
    spec: rfc(5761, '5.1.1', 'SDP Signaling'),
    explain: () => ({
      text: 'Media (RTP) and its control reports (RTCP) travel through the same port, so that one candidate is enough for both.',
    }),
  },
  'rtcp-mux-only': {
    title: 'RTP and RTCP on one port only',
    spec: rfc(8858, '3', 'SDP "rtcp-mux-only" Attribute'),
    explain: () => ({ text: 'This peer cannot do otherwise than send RTP and RTCP through one port.' }),
  },
  'rtcp-rsize': {
    title: 'Reduced-size RTCP',
    spec: rfc(5506, '5', 'Signaling'),
    explain: () => ({
      text: 'Feedback such as "packet lost" may be sent alone, without the reports that otherwise go with it: it is smaller and sooner there.',
    }),
  },
  'rtcp-xr': {
    title: 'RTCP extended reports',
    spec: rfc(3611, '5.1', 'The SDP Attribute'),
    explain({ value }) {
      const fields = value.split(' ').map((format) => {
        const [name = '', parameter] = format.split(/[=:]/);
        return { name: 'format', value: format, meaning: xrMeaning(name, parameter) };
      });
      const [first] = fields;
      return first && first.value !== ''
        ? {
            text: `Wants extended reports about reception: ${fields.map(({ meaning }) => meaning).join('; ')}.`,
            fields,
          }
        : { text: 'No extended reports are wanted.' };
    },
  },
  'sctp-port': {
    title: 'SCTP port',
    spec: rfc(8841, '5.1', 'SDP "sctp-port" Attribute: Syntax'),
    explain: ({ value }) =>
      /^\d{1,5}$/.test(value)
        ? {
            text:
              value === '0'
                ? 'Port 0: the association for data channels is closed.'
                : `Data channels run in an SCTP association on port ${value}. It lives inside the encrypted DTLS connection, so no such port is open on the network.`,
            fields: [{ name: 'port', value, meaning: 'browsers always use 5000' }],
          }
        : undefined,
  },
  'max-message-size': {
    title: 'Largest message',
    spec: rfc(8841, '6.1', 'SDP "max-message-size" Attribute: Syntax'),
    explain({ value }) {
      if (!/^\d{1,19}$/.test(value)) return undefined;
      const bytes = Number(value);
      return {
        text:
          bytes === 0
            ? 'This peer accepts data channel messages of any size.'
            : `This peer accepts data channel messages of up to ${sized(bytes)}; send() of a larger one throws. Cut large files into pieces well below.`,
        fields: [{ name: 'size', value, meaning: 'bytes; without this line 64 kB, and 0 for no limit' }],
      };
    },
  },
  sctpmap: {
    title: 'SCTP map (old)',
    spec: {
      name: 'draft-ietf-mmusic-sctp-sdp-05',
      title: 'SDP Offer/Answer Procedures For SCTP over DTLS Transport (old draft)',
    },
    explain: ({ value }) => ({
      text: `The way of drafts before RFC 8841 to describe data channels (${value}); today's is a=sctp-port.`,
    }),
  },
};

const mdnsSpec: Spec = {
  name: 'draft-ietf-mmusic-mdns-ice-candidates',
  title: 'Using Multicast DNS to protect privacy when exposing ICE candidates',
};

const trickleSpec: Spec = { name: 'RFC 8838', title: 'Trickle ICE: Incremental Provisioning of Candidates' };

const iceOptions: Readonly<Record<string, string>> = {
  trickle: 'can take candidates one by one, after this description (trickle ICE)',
  ice2: 'follows the newer ICE standard, RFC 8445',
  renomination: 'can change to a better pair of candidates later (an extension of libwebrtc)',
  'rtp+ecn': 'can use explicit congestion notification with RTP',
};

const setupMeanings: Readonly<Record<string, string>> = {
  actpass:
    'In the DTLS handshake this peer takes either role and lets the other one choose. Offers always say so.',
  active:
    'This peer will start the DTLS handshake, as the client. Answers usually choose this, because it saves a round trip.',
  passive: 'This peer will wait for the other to start the DTLS handshake: it is the server.',
  holdconn: 'No DTLS connection is to be made for now. WebRTC does not use this.',
};

const setupRoles: Readonly<Record<string, string>> = {
  actpass: 'client or server',
  active: 'client',
  passive: 'server',
  holdconn: 'none',
};

function xrMeaning(name: string, parameter: string | undefined): string {
  switch (name) {
    case 'rcvr-rtt':
      return parameter === 'sender'
        ? 'the round-trip time as measured by the receiver, from media senders'
        : 'the round-trip time as measured by the receiver, from those that send no media too';
    case 'stat-summary':
      return 'loss, duplicates and jitter in summary';
    case 'voip-metrics':
      return 'figures on the quality of a telephone call';
    case 'pkt-loss-rle':
    case 'pkt-dup-rle':
      return 'which packets were lost or came twice';
    case 'pkt-rcpt-times':
      return 'when packets arrived';
    default:
      return unknownMeaning;
  }
}

function allOf(count: number): string {
  if (count === 0) return 'none was found';
  return count === 1 ? 'the one in this section is all' : `the ${count} in this section are all`;
}

/** 262144 → "256 kB"; a bound that is one byte short of a power is still called by its name. */
function sized(bytes: number): string {
  for (const [unit, size] of [
    ['GB', 2 ** 30],
    ['MB', 2 ** 20],
    ['kB', 2 ** 10],
  ] as const) {
    if (bytes >= size - 1) return `${Math.round((bytes / size) * 10) / 10} ${unit}`;
  }
  return `${bytes} bytes`;
}
