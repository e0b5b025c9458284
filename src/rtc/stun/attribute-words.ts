/** What each attribute says and what it is for, by its type. Framework-free; explains whatever bytes it is given. */
import {
  errorCodeOf,
  fingerprintFits,
  kindOf,
  MAGIC_COOKIE,
  readAddress,
  readXorAddress,
  textOf,
  uint16,
  uint32,
  type Attribute,
  type StunMessage,
} from '../../protocol/stun/message.ts';
import { attributes, errorReasons, isComprehensionRequired, methods } from '../../protocol/stun/names.ts';
import { errorAdvice } from './error-advice.ts';
import { attributeName, hex, hexNumber, type Field, type Said } from './field.ts';

export interface Asked {
  readonly attribute: Attribute;
  readonly value: Uint8Array;
  readonly message: StunMessage;
  /** The whole datagram that the message is. */
  readonly bytes: Uint8Array;
  /** It is a connectivity check of ICE or its answer, not a question to a server. */
  readonly isCheck: boolean;
}
type Explain = (asked: Asked) => Said | undefined;

/** What an attribute says; undefined when its type is not known here or its value has not the form it must have. */
export function explainAttribute(asked: Asked): Said | undefined {
  return explainers.get(asked.attribute.type)?.(asked);
}

/** Said of what nobody here knows. */
export function unknownAttribute({ type, value }: Attribute): Said {
  return {
    value: value.length === 0 ? 'no value' : hex(value),
    what: isComprehensionRequired(type)
      ? 'This page does not know it. Its number is below 0x8000: a receiver that does not know it either has to refuse the message with 420.'
      : 'This page does not know it. Its number is 0x8000 or above: whoever does not know it passes over it.',
  };
}

const family = (value: Uint8Array): string => (value[1] === 2 ? 'IPv6' : 'IPv4');
const endText = ({ address, port }: { address: string; port: number }): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

const part = (name: string, start: number, length: number, value: string, what: string): Field => ({
  name,
  value,
  what,
  start,
  end: start + length,
  known: true,
  parts: [],
});

/** An address that was XORed, with the sum: so that boxes that rewrite addresses inside packets do not find it. */
const xored =
  (what: (asked: Asked) => string): Explain =>
  (asked) => {
    const { attribute, value, message } = asked;
    const end = readXorAddress(value, message.transactionId);
    if (!end) return undefined;
    const at = attribute.offset + 4;
    const isV6 = value[1] === 2;
    const mask = new Uint8Array([0x21, 0x12, 0xa4, 0x42, ...message.transactionId]).subarray(
      0,
      isV6 ? 16 : 4,
    );
    return {
      value: endText(end),
      what: what(asked),
      parts: [
        part('Family', at + 1, 1, family(value), '1 is IPv4, 2 is IPv6. The byte before it is zero.'),
        part(
          'X-Port',
          at + 2,
          2,
          `${hexNumber(uint16(value, 2))} xor ${hexNumber(MAGIC_COOKIE >>> 16)} = ${end.port}`,
          'The port, XORed with the first half of the magic cookie.',
        ),
        part(
          'X-Address',
          at + 4,
          value.length - 4,
          `${hex(value.subarray(4))} xor ${hex(mask)} = ${end.address}`,
          `The address, XORed with the magic cookie${isV6 ? ' and the transaction id' : ''}: some routers rewrite every address that they find in a packet, and they do not find this one.`,
        ),
      ],
    };
  };

const plainAddress =
  (what: string): Explain =>
  ({ value }) => {
    const end = readAddress(value);
    return end && { value: endText(end), what };
  };

const text =
  (what: (value: string, asked: Asked) => string): Explain =>
  (asked) => {
    const words = textOf(asked.value);
    return { value: words, what: what(words, asked) };
  };

const flag =
  (what: string): Explain =>
  ({ value }) =>
    value.length === 0 ? { value: 'present', what } : undefined;

const seconds = (count: number): string =>
  count === 0 ? '0 seconds' : count % 60 === 0 ? `${count} seconds, ${count / 60} min` : `${count} seconds`;

const tieBreaker =
  (role: 'controlling' | 'controlled'): Explain =>
  ({ value }) =>
    value.length === 8
      ? {
          value: `tie-breaker ${hex(value)}`,
          what:
            role === 'controlling'
              ? 'The sender believes that it is the controlling agent, the one that chooses the pair. If both believe so, the larger tie-breaker keeps the role.'
              : 'The sender believes that it is controlled: the other side chooses the pair. If both believe so, the larger tie-breaker takes the controlling role.',
        }
      : undefined;

const isRequestOf = ({ message }: Asked, method: number): boolean =>
  message.method === method && message.class === 'request';

const explainers: ReadonlyMap<number, Explain> = new Map<number, Explain>([
  [
    attributes.XOR_MAPPED_ADDRESS,
    xored(({ isCheck, message }) =>
      isCheck
        ? 'From where the check came, as its receiver saw it. An address that the sender did not know of becomes a peer-reflexive candidate.'
        : message.method === methods.Allocate
          ? 'From where the request came, as the server saw it: the client’s own server-reflexive address, given along with the relayed one.'
          : 'The answer to the question: from where the request came, as the server saw it. Behind a NAT this is the NAT’s outside address, and becomes the server-reflexive candidate (srflx).',
    ),
  ],
  [
    attributes.XOR_RELAYED_ADDRESS,
    xored(
      () =>
        'The address that the server opened for the client. It becomes the relay candidate: what peers send there, the server hands on to the client.',
    ),
  ],
  [
    attributes.XOR_PEER_ADDRESS,
    xored(({ message: { method } }) => {
      switch (method) {
        case methods.CreatePermission:
          return 'Whose packets are to be let in. Only the address counts, not the port; the permission lasts five minutes.';
        case methods.ChannelBind:
          return 'The peer that the channel number is to stand for. It makes a permission for the peer’s address too.';
        case methods.Data:
          return 'From which peer the packet came that the server hands on.';
        default:
          return 'To which peer the server is to send the data, from the relayed address.';
      }
    }),
  ],
  [
    attributes.MAPPED_ADDRESS,
    plainAddress(
      'The same as XOR-MAPPED-ADDRESS without the XOR, for clients of the old RFC 3489. Browsers read the other one.',
    ),
  ],
  [attributes.RESPONSE_ORIGIN, plainAddress('From which of its addresses the server answers.')],
  [
    attributes.OTHER_ADDRESS,
    plainAddress(
      'A second address of the server, for programs that find out what kind of NAT they are behind.',
    ),
  ],
  [attributes.ALTERNATE_SERVER, plainAddress('The server that the client is to ask instead.')],
  [attributes.USERNAME, username],
  [
    attributes.REALM,
    text((_, { message }) =>
      message.class === 'error'
        ? 'To which group of accounts the user name has to belong. The client repeats it, and its password is hashed together with it.'
        : 'Repeated from the server’s 401: the key of MESSAGE-INTEGRITY is the MD5 of user name, realm and password.',
    ),
  ],
  [
    attributes.NONCE,
    text((value, { message }) => {
      const cookie = value.startsWith('obMatJos2')
        ? ' It begins with the nonce cookie: the letters behind it say which security features the server knows.'
        : '';
      return message.class === 'error'
        ? `A text of the server’s making, good for a while. The next request repeats it, so that a request that somebody has overheard cannot be sent again later.${cookie}`
        : `Repeated from the server’s answer: proof that this request is not an old one that somebody kept. When it is too old the server answers 438 with a new one.${cookie}`;
    }),
  ],
  [
    attributes.SOFTWARE,
    text(() => 'Who made the message, for people who look for faults. It decides nothing.'),
  ],
  [
    attributes.MESSAGE_INTEGRITY,
    ({ value, isCheck }) =>
      value.length === 20
        ? {
            value: `HMAC-SHA1 ${hex(value)}`,
            what: isCheck
              ? 'Signed with the ice-pwd of the receiver’s description: only who got that description through the signaling can have made it. It covers everything before it.'
              : 'Proof that the sender knows the password, which itself never crosses: the key is the MD5 of user name, realm and password. It covers everything before it.',
          }
        : undefined,
  ],
  [
    attributes.MESSAGE_INTEGRITY_SHA256,
    ({ value }) => ({
      value: `HMAC-SHA256 ${hex(value)}`,
      what: 'The same proof with a newer hash function.',
    }),
  ],
  [
    attributes.FINGERPRINT,
    ({ value, bytes }) =>
      value.length === 4
        ? {
            value: `CRC-32 ${hex(value)}, ${fingerprintFits(bytes) ? 'it fits' : 'it does not fit'}`,
            what: 'A checksum over the message, XORed with the letters STUN. It tells STUN from other packets on the same port; it protects against nothing.',
          }
        : undefined,
  ],
  [
    attributes.ERROR_CODE,
    ({ message }) => {
      const error = errorCodeOf(message);
      if (!error) return undefined;
      const { code, reason } = error;
      const standard = errorReasons[code as keyof typeof errorReasons];
      const advice = errorAdvice(code, message.method);
      return {
        value: `${code} ${reason || standard || ''}`.trim(),
        what: advice ? `${advice.what} ${advice.next}` : 'This page does not know that code.',
      };
    },
  ],
  [
    attributes.UNKNOWN_ATTRIBUTES,
    ({ value }) => {
      const types = Array.from({ length: value.length >> 1 }, (_, index) => uint16(value, 2 * index));
      return {
        value: types.map((type) => attributeName(type)).join(', ') || 'none',
        what: 'What the server did not know of and would have had to.',
      };
    },
  ],
  [
    attributes.LIFETIME,
    (asked) => {
      const { value, message } = asked;
      if (value.length !== 4) return undefined;
      const count = uint32(value, 0);
      const what = isRequestOf(asked, methods.Refresh)
        ? count === 0
          ? 'Zero: the client is done, and the server takes the allocation away at once.'
          : 'How much longer the client would like to keep its allocation.'
        : message.class === 'request'
          ? 'How long the client would like to keep the allocation. The server decides.'
          : count === 0
            ? 'The allocation is gone.'
            : 'For so long the server keeps the allocation, unless a Refresh comes before.';
      return { value: seconds(count), what };
    },
  ],
  [
    attributes.REQUESTED_TRANSPORT,
    ({ value }) =>
      value.length === 4
        ? {
            value: `${value[0]}${{ 17: ' UDP', 6: ' TCP' }[value[0]!] ?? ''}`,
            what: 'What the relayed address is to speak to peers, as a protocol number of IP. Browsers ask for UDP, also where they reach the server over TCP or TLS.',
          }
        : undefined,
  ],
  [
    attributes.CHANNEL_NUMBER,
    ({ value }) =>
      value.length === 4
        ? {
            value: hexNumber(uint16(value, 0)),
            what: 'The number that stands for the peer from now on: four bytes before each packet, instead of the 36 and more of a Send indication.',
          }
        : undefined,
  ],
  [attributes.DATA, data],
  [
    attributes.REQUESTED_ADDRESS_FAMILY,
    ({ value }) =>
      value.length === 4
        ? { value: value[0] === 2 ? 'IPv6' : 'IPv4', what: 'What kind of relayed address the client wants.' }
        : undefined,
  ],
  [
    attributes.EVEN_PORT,
    ({ value }) => ({
      value: (value[0] ?? 0) & 0x80 ? 'even, and reserve the next one' : 'even',
      what: 'The relayed port is to be an even number, as RTP without multiplexing wants it. Browsers do not ask for it.',
    }),
  ],
  [
    attributes.DONT_FRAGMENT,
    flag('The server is to forbid routers on the way to cut the packet into pieces.'),
  ],
  [
    attributes.PRIORITY,
    ({ value }) => {
      if (value.length !== 4) return undefined;
      const priority = uint32(value, 0);
      return {
        value: `${priority}: type preference ${priority >>> 24}, local preference ${(priority >>> 8) & 0xffff}, component ${256 - (priority & 0xff)}`,
        what: 'The priority that the receiver is to give to this address if it did not know it: that of a peer-reflexive candidate.',
      };
    },
  ],
  [
    attributes.USE_CANDIDATE,
    flag(
      'The controlling agent nominates this pair: when the check is answered, it is the one that is used.',
    ),
  ],
  [attributes.ICE_CONTROLLING, tieBreaker('controlling')],
  [attributes.ICE_CONTROLLED, tieBreaker('controlled')],
  [
    attributes.GOOG_NETWORK_INFO,
    ({ value }) =>
      value.length === 4
        ? {
            value: `network ${uint16(value, 0)}, cost ${uint16(value, 2)}`,
            what: 'Chromium’s own: which of its networks it uses, and how dear that one is (0 for a cable, 10 for Wi-Fi, up to 900 for a mobile network, 999 when it may not say more). The other side then prefers the cheaper pair.',
          }
        : undefined,
  ],
  [
    attributes.GOOG_LAST_ICE_CHECK_RECEIVED,
    ({ value }) => ({
      value: hex(value),
      what: 'Chromium’s own: the transaction id of the check that it received last, so that the other side learns of it even if the answer was lost.',
    }),
  ],
]);

/** Of TURN: the expiry and whose it is, as servers with a shared secret write it. Of ICE: both ufrags. */
function username({ value, isCheck }: Asked): Said {
  const name = textOf(value);
  if (isCheck) {
    const [receiver = '', sender = ''] = name.split(':');
    return {
      value: name,
      what: `The ufrag of the receiver (${receiver}), a colon, that of the sender (${sender}), as the two descriptions gave them. So a check is known to belong to this call.`,
    };
  }
  const [, expiry, user] = /^(\d{9,11})(?::(.*))?$/s.exec(name) ?? [];
  if (expiry === undefined)
    return {
      value: name,
      what: 'Whose account it is: the password for it is what MESSAGE-INTEGRITY proves.',
    };
  const until = new Date(Number(expiry) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return {
    value: name,
    what: `A name for a while: it is valid until ${until} UTC${user ? `, and belongs to ${user}` : ''}. The password is made from the name with the server’s secret, so the server has to remember nobody.`,
  };
}

/** What a Send or Data indication carries is a packet of its own; what kind, its first byte tells (RFC 7983). */
function data({ value }: Asked): Said {
  const bytes = `${value.length} ${value.length === 1 ? 'byte' : 'bytes'}`;
  const first = value[0] ?? 0;
  switch (kindOf(value)) {
    case 'stun':
      return {
        value: `${bytes}: a STUN message`,
        what: 'A packet of the peers, wrapped. Its first byte is 0 to 3, so it is STUN itself: ICE checks the path through the relay with it.',
      };
    case 'dtls':
      return {
        value: `${bytes}: DTLS, ${dtlsKind(first)}`,
        what: 'Its first byte is 20 to 63, so it is DTLS: the handshake of the two browsers, or, once that is done, what data channels say. The server cannot read it.',
      };
    case 'rtp':
    case 'rtcp':
      return {
        value: `${bytes}: ${kindOf(value) === 'rtp' ? 'SRTP' : 'SRTCP'}`,
        what: 'Its first byte is 128 to 191, so it is media: its header is in the open, all the rest is encrypted between the two browsers. The server cannot read it.',
      };
    default:
      return {
        value: `${bytes}: ${value.length === 0 ? 'nothing' : 'unknown'}`,
        what: 'A packet of the peers, wrapped.',
      };
  }
}

/** @see RFC 9147 §4 (content types, and the unified header of DTLS 1.3), RFC 6347 §4.1 */
function dtlsKind(first: number): string {
  if (first >= 32) return 'an encrypted record (DTLS 1.3)';
  return (
    {
      20: 'change of ciphers',
      21: 'an alert',
      22: 'a part of the handshake',
      23: 'application data',
      26: 'an acknowledgement',
    }[first] ?? 'a record'
  );
}
