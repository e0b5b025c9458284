interface Endpoint {
  address: string;
  port: number;
}

const COOKIE = [0x21, 0x12, 0xa4, 0x42];

/** The address in a Binding success response: what its XOR-MAPPED-ADDRESS says, IPv4 or IPv6. */
export function readAnswer(message: Uint8Array): Endpoint | undefined {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const transactionId = message.slice(8, 20);
  for (let at = 20; at + 4 <= message.length;) {
    const type = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (type === 0x0020) return decode(message.slice(at + 4, at + 4 + length), transactionId);
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return undefined;
}

/** The value of an XOR-MAPPED-ADDRESS: a zero, the family, the port, the address. */
function decode(value: Uint8Array, transactionId: Uint8Array): Endpoint {
  const port = ((value[2]! << 8) | value[3]!) ^ 0x2112;
  const mask = [...COOKIE, ...transactionId];
  const bytes = Array.from(value.slice(4), (byte, nth) => byte ^ mask[nth]!);
  if (value[1] === 1) return { address: bytes.join('.'), port };
  const groups = Array.from({ length: 8 }, (_, nth) =>
    ((bytes[2 * nth]! << 8) | bytes[2 * nth + 1]!).toString(16),
  );
  return { address: groups.join(':'), port };
}

/** A Binding success response to a request, which says that it came from this IPv4 address. */
export function writeAnswer(request: Uint8Array, { address, port }: Endpoint): Uint8Array {
  const bytes = new Uint8Array(32);
  bytes.set([0x01, 0x01, 0x00, 12], 0);
  bytes.set(COOKIE, 4);
  bytes.set(request.slice(8, 20), 8);
  const hidden = port ^ 0x2112;
  bytes.set([0x00, 0x20, 0x00, 8, 0x00, 0x01, hidden >> 8, hidden & 0xff], 20);
  bytes.set(
    address.split('.').map((part, nth) => Number(part) ^ COOKIE[nth]!),
    28,
  );
  return bytes;
}
