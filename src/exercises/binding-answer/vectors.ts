import { encodeMessage, xorAddress } from '../../protocol/stun/message.ts';
import { attributes, methods } from '../../protocol/stun/names.ts';

/** A Binding success response and the address that is in it. */
export interface Vector {
  readonly message: Uint8Array;
  readonly address: string;
  readonly port: number;
}

/** The sample responses of RFC 5769, §2.2 and §2.3, without what does not belong to the address. */
const samples: readonly (readonly [address: string, port: number])[] = [
  ['192.0.2.1', 32_853],
  ['2001:db8:1234:5678:11:2233:4455:6677', 32_853],
];
const sampleId = Uint8Array.from([0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae]);

/**
 * Twenty answers of a STUN server: two of RFC 5769, and others each time; in some, another attribute stands before the
 * address.
 *
 * @param random numbers from 0 up to 1
 */
export function vectors(random: () => number): readonly Vector[] {
  const below = (end: number) => Math.floor(random() * end);
  const ends: (readonly [address: string, port: number])[] = [...samples];
  while (ends.length < 20) {
    const isV6 = ends.length % 4 === 3;
    const address = isV6
      ? `2001:db8:${Array.from({ length: 6 }, () => (1 + below(0xfffe)).toString(16)).join(':')}`
      : `203.0.113.${below(256)}`;
    ends.push([address, below(65_536)]);
  }
  return ends.map(([address, port], nth) => {
    const transactionId = nth < samples.length ? sampleId : Uint8Array.from({ length: 12 }, () => below(256));
    const software = {
      type: attributes.SOFTWARE,
      value: new TextEncoder().encode('a server'.slice(0, 1 + below(8))),
    };
    const mapped = {
      type: attributes.XOR_MAPPED_ADDRESS,
      value: xorAddress({ address, port }, transactionId),
    };
    const message = encodeMessage({
      class: 'success',
      method: methods.Binding,
      transactionId,
      attributes: nth % 3 === 2 ? [software, mapped] : [mapped],
    });
    return { message, address, port };
  });
}
