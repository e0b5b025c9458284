/** An IP address and a UDP or TCP port. The address is literal text as `net` and `dgram` write it. */
export interface Endpoint {
  readonly address: string;
  /** 0 … 65535 */
  readonly port: number;
}

/** The 4 or 16 bytes of a literal address; undefined for whatever is none, names and scoped addresses included. */
export function addressBytes(text: string): Uint8Array | undefined {
  return text.includes(':') ? ipv6Bytes(text) : ipv4Bytes(text);
}

/** The canonical text of 4 or 16 bytes: dotted, or as RFC 5952 §4 wants it. @throws {RangeError} for another length */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) throw new RangeError(`an address has 4 or 16 bytes, not ${bytes.length}`);
  if (isMapped(bytes)) return `::ffff:${bytes.subarray(12).join('.')}`;
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i]! << 8) | bytes[2 * i + 1]!);
  const gap = longestGap(groups);
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(':');
  return gap
    ? `${hex(groups.slice(0, gap.start))}::${hex(groups.slice(gap.start + gap.length))}`
    : hex(groups);
}

/** `::ffff:0:0/96`, an IPv4 address in the clothes of IPv6 (RFC 4291 §2.5.5.2). */
function isMapped(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
}

/** The first of the longest runs of zero groups; one group alone is no gap (RFC 5952 §4.2.2). */
function longestGap(groups: readonly number[]): { start: number; length: number } | undefined {
  let best = { start: 0, length: 1 };
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === 0) end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  return best.length > 1 ? best : undefined;
}

function ipv4Bytes(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  // A leading zero is octal to some readers: such an address means two things.
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return Uint8Array.from(parts, Number);
}

function ipv6Bytes(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [left, right] = [groupsOf(halves[0]!, halves.length === 1), groupsOf(halves[1] ?? '', true)];
  if (!left || !right) return undefined;
  const missing = 8 - left.length - right.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from<number>({ length: missing }).fill(0), ...right];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** @param last the part ends the address, so it may end with an IPv4 address */
function groupsOf(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const dotted = last && parts.at(-1)!.includes('.') ? ipv4Bytes(parts.pop()!) : new Uint8Array();
  if (!dotted || !parts.every((part) => /^[\da-f]{1,4}$/i.test(part))) return undefined;
  const groups = parts.map((part) => Number.parseInt(part, 16));
  for (let i = 0; i < dotted.length; i += 2) groups.push((dotted[i]! << 8) | dotted[i + 1]!);
  return groups;
}
