import { attributeNamed, methodNamed, type Spec } from '../../protocol/stun/names.ts';

/** A part of a message: which bytes it is, what they say, and what that is for. */
export interface Field {
  /** The standard's name. */
  readonly name: string;
  /** What the bytes say, in words and numbers. */
  readonly value: string;
  /** What it is for, here. One or two sentences. */
  readonly what: string;
  readonly spec?: Spec;
  /** The bytes from `start` up to `end`, counted from the start of the datagram; an attribute with its header. */
  readonly start: number;
  readonly end: number;
  /** False where this page does not know what the bytes mean. */
  readonly known: boolean;
  /** What it is made of: the XOR of an address, the message inside DATA. */
  readonly parts: readonly Field[];
}

/** What an explainer says; the rest is the same for all attributes. */
export interface Said {
  readonly value: string;
  readonly what: string;
  readonly parts?: readonly Field[];
}

/** Longer values are cut: the bytes stand beside them. */
const LONGEST = 32;

/** `21 12 a4 42` */
export function hex(bytes: Uint8Array): string {
  const text = Array.from(bytes.subarray(0, LONGEST), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > LONGEST ? `${text} … (${bytes.length} bytes)` : text;
}

/** `0x0003` */
export const hexNumber = (number: number, digits = 4): string =>
  `0x${number.toString(16).padStart(digits, '0')}`;

export const methodName = (method: number): string =>
  methodNamed(method)?.name ?? `method ${hexNumber(method, 3)}`;
export const attributeName = (type: number): string => attributeNamed(type)?.name ?? hexNumber(type);
