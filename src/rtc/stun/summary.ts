/** STUN and TURN messages in a few words, for lists and arrows. What each byte says is explain.ts. */
import {
  decodeMessage,
  errorCodeOf,
  kindOf,
  valueOf,
  type StunMessage,
} from '../../protocol/stun/message.ts';
import { attributes, methods } from '../../protocol/stun/names.ts';
import { methodName } from './field.ts';

/** `Allocate request`, `Allocate error 401`. */
export function titleOf(message: StunMessage): string {
  const error = message.class === 'error' ? errorCodeOf(message) : undefined;
  return `${methodName(message.method)} ${message.class}${error ? ` ${error.code}` : ''}`;
}

/** A Binding that belongs to ICE, between the peers: it carries what only checks carry, or an answer signed like one. */
export function isCheck({ method, class: kind, attributes: all }: StunMessage): boolean {
  if (method !== methods.Binding) return false;
  const has = (type: number) => all.some((attribute) => attribute.type === type);
  return kind === 'request' || kind === 'indication'
    ? has(attributes.PRIORITY) || has(attributes.ICE_CONTROLLING) || has(attributes.ICE_CONTROLLED)
    : has(attributes.MESSAGE_INTEGRITY);
}

/** A packet of the peers that the server only hands on. */
export const isRelayed = ({ method }: StunMessage): boolean =>
  method === methods.Send || method === methods.Data;

/** The message that a Send or Data indication carries, when that is STUN too: a check on its way through the relay. */
export function innerMessage(message: StunMessage): StunMessage | undefined {
  const data = valueOf(message, attributes.DATA);
  return data && decodeMessage(data);
}

/** `Allocate error 401`, `Send · ICE check`, `Data · DTLS`. */
export function summaryOf(message: StunMessage): string {
  if (isCheck(message)) return checkWords(message);
  if (!isRelayed(message)) return titleOf(message);
  const inner = innerMessage(message);
  const data = valueOf(message, attributes.DATA) ?? new Uint8Array();
  const inside = inner ? checkWords(inner) : (packetWords[kindOf(data)] ?? 'data');
  return `${methodName(message.method)} · ${inside}`;
}

const packetWords: Partial<Record<ReturnType<typeof kindOf>, string>> = {
  stun: 'STUN',
  dtls: 'DTLS',
  rtp: 'SRTP',
  rtcp: 'SRTCP',
};

function checkWords(message: StunMessage): string {
  if (!isCheck(message)) return titleOf(message);
  if (message.class === 'success') return 'answer to an ICE check';
  if (message.class === 'error') return `ICE check refused, ${errorCodeOf(message)?.code ?? 'no code'}`;
  const nominates = message.attributes.some(({ type }) => type === attributes.USE_CANDIDATE);
  return nominates ? 'ICE check that nominates' : 'ICE check';
}
