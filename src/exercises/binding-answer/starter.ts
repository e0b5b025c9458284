interface Endpoint {
  address: string;
  port: number;
}

/** The address in a Binding success response: what its XOR-MAPPED-ADDRESS says, IPv4 or IPv6. */
export function readAnswer(message: Uint8Array): Endpoint | undefined {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  for (let at = 20; at + 4 <= message.length;) {
    const type = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (type === 0x0020) {
      const value = message.slice(at + 4, at + 4 + length);
      // A zero, the family (1: IPv4, 2: IPv6), the port, the address. They are not there as they are.
      return { address: value.slice(4).join('.'), port: view.getUint16(at + 6) };
    }
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return undefined;
}

/** A Binding success response to a request, which says that it came from this IPv4 address. */
export function writeAnswer(request: Uint8Array, { address, port }: Endpoint): Uint8Array {
  const bytes = new Uint8Array(32);
  bytes.set(request.slice(0, 20), 0); // Type, length, cookie, transaction id: which of them stay as they are?
  bytes.set([0x00, 0x20, 0x00, 8, 0x00, 0x01, port >> 8, port & 0xff], 20);
  bytes.set(address.split('.').map(Number), 28);
  return bytes;
}
