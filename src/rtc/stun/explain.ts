/**
 * STUN and TURN messages in words: what each is for, and what each of its bytes says.
 *
 * @see RFC 8489 (STUN), RFC 8656 (TURN), RFC 8445 §7 (connectivity checks)
 */
import {
  decodeMessage,
  HEADER_BYTES,
  kindOf,
  uint16,
  type MessageClass,
  type StunMessage,
} from '../../protocol/stun/message.ts';
import { attributeNamed, attributes, methodNamed, methods, type Spec } from '../../protocol/stun/names.ts';
import { explainAttribute, unknownAttribute } from './attribute-words.ts';
import { innerMessage, isCheck, titleOf } from './summary.ts';
import { attributeName, hex, hexNumber, methodName, type Field } from './field.ts';

export type { Field } from './field.ts';

/** A datagram as far as it is understood. */
export interface Explained {
  /** `Allocate request`, `Send indication`, `Binding error 401` */
  readonly title: string;
  /** What it is for, here. */
  readonly what: string;
  readonly spec?: Spec;
  readonly fields: readonly Field[];
  /** Undefined when the bytes are no whole STUN message. */
  readonly message: StunMessage | undefined;
}

/** Explains any bytes; those that are no whole STUN message say so. Never throws. */
export function explainMessage(bytes: Uint8Array): Explained {
  const message = decodeMessage(bytes);
  if (!message) return noMessage(bytes);
  const spec = methodNamed(message.method)?.spec;
  return {
    title: titleOf(message),
    what: meaningOf(message),
    ...(spec && { spec }),
    fields: [...headerFields(bytes, message), ...attributeFields(bytes, message)],
    message,
  };
}

function noMessage(bytes: Uint8Array): Explained {
  const kind = kindOf(bytes);
  const what =
    bytes.length === 0
      ? 'There is not one byte.'
      : kind === 'stun'
        ? 'It begins like STUN, but it is not one whole message: the cookie is missing, or a length does not fit.'
        : `Its first byte says that it is no STUN message (${kind === 'unknown' ? 'of no kind known here' : kind}).`;
  const all: Field = {
    name: 'Bytes',
    value: `${bytes.length} bytes`,
    what,
    start: 0,
    end: bytes.length,
    known: false,
    parts: [],
  };
  return { title: 'no STUN message', what, fields: bytes.length === 0 ? [] : [all], message: undefined };
}

const stun = (section: string): Spec => ({ name: 'RFC 8489', section });

function headerFields(bytes: Uint8Array, message: StunMessage): Field[] {
  const type = uint16(bytes, 0);
  const bits = type.toString(2).padStart(16, '0');
  const classBits = `${bits[7]}${bits[11]}`;
  const field = (
    name: string,
    start: number,
    end: number,
    value: string,
    what: string,
    parts: Field[] = [],
  ): Field => ({
    name,
    value,
    what,
    spec: stun('5'),
    start,
    end,
    known: true,
    parts,
  });
  const isKnown = methodNamed(message.method) !== undefined;
  return [
    {
      ...field(
        'Message type',
        0,
        2,
        `${hexNumber(type)} ${methodName(message.method)} ${message.class}`,
        'Class and method, their bits mixed. The first two bits are always zero, which tells STUN from media on the same port.',
        [
          field(
            'Class',
            0,
            2,
            `${classBits} ${message.class}`,
            `Bits 8 and 4, in ${bits.slice(0, 8)} ${bits.slice(8)}: 00 request, 01 indication, 10 success, 11 error. An indication is not answered.`,
          ),
          field(
            'Method',
            0,
            2,
            `${hexNumber(message.method, 3)} ${isKnown ? methodName(message.method) : 'unknown'}`,
            'The twelve other bits: what is asked for.',
          ),
        ],
      ),
      known: isKnown,
    },
    field(
      'Message length',
      2,
      4,
      `${bytes.length - HEADER_BYTES} bytes`,
      'What follows the header. Always a multiple of four: shorter values are padded.',
    ),
    field(
      'Magic cookie',
      4,
      8,
      hex(bytes.subarray(4, 8)),
      'The same four bytes in every message. They tell STUN from others, and hide addresses by XOR.',
    ),
    field(
      'Transaction id',
      8,
      20,
      hex(message.transactionId),
      message.class === 'indication'
        ? 'Chosen at random. Nobody answers an indication, so nobody looks for it.'
        : message.class === 'request'
          ? 'Chosen at random by the client. The answer repeats it; so does the same request, when it is sent again because no answer came.'
          : 'Repeated from the request: so the client knows what this is the answer to.',
    ),
  ];
}

function attributeFields(bytes: Uint8Array, message: StunMessage): Field[] {
  const check = isCheck(message);
  return message.attributes.map((attribute): Field => {
    const { type, value, offset } = attribute;
    const said = explainAttribute({ attribute, value, message, bytes, isCheck: check });
    const named = attributeNamed(type);
    const { value: words, what, parts = [] } = said ?? unknownAttribute(attribute);
    return {
      name: attributeName(type),
      value: words,
      what: said || !named ? what : 'Its value is not explained here, or has not the form it must have.',
      ...(named && { spec: named.spec }),
      start: offset,
      end: offset + 4 + value.length + (-value.length & 3),
      known: said !== undefined,
      parts: type === attributes.DATA ? insideOf(value, offset + 4) : parts,
    };
  });
}

/** The fields of the message inside, with the places that they have in the whole. */
function insideOf(value: Uint8Array, at: number): readonly Field[] {
  const { message, fields } = explainMessage(value);
  return message ? fields.map((field) => moved(field, at)) : [];
}

function moved(field: Field, by: number): Field {
  const { start, end, parts } = field;
  return { ...field, start: start + by, end: end + by, parts: parts.map((one) => moved(one, by)) };
}

function meaningOf(message: StunMessage): string {
  const { method, class: kind } = message;
  if (isCheck(message)) return checkMeanings[kind] ?? '';
  const inner = innerMessage(message);
  const carried = inner ? ` Inside is a ${titleOf(inner)}: ICE checks the path through the relay.` : '';
  return `${meanings.get(method)?.[kind] ?? 'This page does not know what it is for.'}${carried}`;
}

const checkMeanings: Partial<Record<MessageClass, string>> = {
  request: 'A connectivity check of ICE: does a packet from here get there, and an answer back?',
  success: 'The answer to a connectivity check: this pair works in this direction.',
  error: 'The check arrived and was refused.',
};

const meanings: ReadonlyMap<number, Partial<Record<MessageClass, string>>> = new Map([
  [
    methods.Binding,
    {
      request: '“From where do you see me?” The shortest question there is: a header and nothing else.',
      success: 'The server tells the client from which address and port its request came.',
      error: 'The server does not answer the question.',
      indication: 'A sign of life that keeps the NAT’s entry open. Nobody answers it.',
    },
  ],
  [
    methods.Allocate,
    {
      request: 'The client asks for an address on the server at which others can reach it.',
      success: 'The server has opened a relayed address for the client, and keeps it for the lifetime.',
      error: 'The server opens no relayed address, or not yet.',
    },
  ],
  [
    methods.Refresh,
    {
      request: 'The client wants to keep its allocation longer, or to be rid of it.',
      success: 'The allocation lives on for the time given here.',
      error: 'The allocation was not prolonged.',
    },
  ],
  [
    methods.CreatePermission,
    {
      request: 'The client names a peer whose packets the server is to let in. Without it they are dropped.',
      success: 'Packets from that address are now handed on to the client, for five minutes.',
      error: 'The peer’s packets are not let in.',
    },
  ],
  [
    methods.ChannelBind,
    {
      request: 'The client gives a peer a number: from then on four bytes stand before each packet.',
      success: 'The number stands for the peer for ten minutes; data now crosses as ChannelData.',
      error: 'The channel was not bound.',
    },
  ],
  [methods.Send, { indication: 'The client gives the server a packet to send to a peer.' }],
  [methods.Data, { indication: 'The server hands on a packet that a peer sent to the relayed address.' }],
]);
