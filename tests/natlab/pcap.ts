/**
 * Reads what `tcpdump -i any -w -` writes, as it comes.
 *
 * @see draft-ietf-opsawg-pcap (the file), LINKTYPE_LINUX_SLL2 (the frame of “any” interface)
 */

/** One UDP datagram or TCP segment over IPv4. */
export interface Packet {
  /** When the kernel saw it, in milliseconds since 1970. */
  readonly atMs: number;
  readonly interfaceIndex: number;
  /** Whether this host sent it; else it was received, or seen on its way to someone else. */
  readonly outgoing: boolean;
  readonly transport: 'udp' | 'tcp';
  /** `10.1.0.2:50000` */
  readonly source: string;
  readonly destination: string;
  /** TCP's number of the first byte of the payload; 0 for UDP. */
  readonly sequence: number;
  /** Whether the segment begins a connection (SYN). */
  readonly begins: boolean;
  readonly payload: Uint8Array;
}

const LINUX_SLL2 = 276;
const [FILE_HEADER, RECORD_HEADER, FRAME_HEADER] = [24, 16, 20];
/** `PACKET_OUTGOING` of linux/if_packet.h. */
const OUTGOING = 4;

/** Takes a capture in pieces of any size and gives the packets that are complete. */
export class PcapReader {
  #rest: Uint8Array = new Uint8Array();
  /** Parts of a second in which times are counted; undefined before the file's header has come. */
  #fractions: number | undefined;

  /** @throws {Error} when this is no capture of that kind */
  push(bytes: Uint8Array): Packet[] {
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    const view = new DataView(all.buffer);
    let at = 0;
    if (this.#fractions === undefined) {
      if (all.length < FILE_HEADER) return this.#keep(all, 0, []);
      this.#fractions = readHeader(view);
      at = FILE_HEADER;
    }
    const packets: Packet[] = [];
    while (at + RECORD_HEADER <= all.length) {
      const length = view.getUint32(at + 8, true);
      const end = at + RECORD_HEADER + length;
      if (end > all.length) break;
      const atMs = view.getUint32(at, true) * 1000 + (view.getUint32(at + 4, true) / this.#fractions) * 1000;
      const packet = readFrame(all.subarray(at + RECORD_HEADER, end), atMs);
      if (packet) packets.push(packet);
      at = end;
    }
    return this.#keep(all, at, packets);
  }

  #keep(all: Uint8Array, from: number, packets: Packet[]): Packet[] {
    this.#rest = all.slice(from);
    return packets;
  }
}

function readHeader(view: DataView): number {
  const fractions = { 0xa1b2c3d4: 1e6, 0xa1b23c4d: 1e9 }[view.getUint32(0, true)];
  const link = view.getUint32(20, true) & 0xffff;
  if (fractions === undefined || link !== LINUX_SLL2)
    throw new Error(`no capture of all interfaces on this kind of machine (link type ${link})`);
  return fractions;
}

function readFrame(frame: Uint8Array, atMs: number): Packet | undefined {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  if (frame.length < FRAME_HEADER + 20 || view.getUint16(0) !== 0x0800) return undefined;
  const ip = FRAME_HEADER;
  const transport = { 6: 'tcp', 17: 'udp' }[view.getUint8(ip + 9)] as Packet['transport'] | undefined;
  const start = ip + (view.getUint8(ip) & 0x0f) * 4;
  const end = ip + view.getUint16(ip + 2);
  if (!transport || end > frame.length || start + (transport === 'udp' ? 8 : 20) > end) return undefined;
  const address = (at: number) => frame.subarray(at, at + 4).join('.');
  const headerLength = transport === 'udp' ? 8 : (view.getUint8(start + 12) >> 4) * 4;
  return {
    atMs,
    interfaceIndex: view.getUint32(4),
    outgoing: view.getUint8(10) === OUTGOING,
    transport,
    source: `${address(ip + 12)}:${view.getUint16(start)}`,
    destination: `${address(ip + 16)}:${view.getUint16(start + 2)}`,
    sequence: transport === 'tcp' ? view.getUint32(start + 4) : 0,
    begins: transport === 'tcp' && (view.getUint8(start + 13) & 0x02) !== 0,
    payload: frame.slice(start + headerLength, end),
  };
}

/**
 * Finds the STUN messages in one direction of a TCP connection that carries TURN: they and ChannelData follow each other,
 * each with its length in front (RFC 8656 §12.5, RFC 8489 §6.2.2). Segments that come again are taken once.
 */
export class TurnStream {
  #next: number | undefined;
  #rest: Uint8Array = new Uint8Array();

  push({ sequence, begins, payload }: Pick<Packet, 'sequence' | 'begins' | 'payload'>): Uint8Array[] {
    if (begins) {
      this.#next = (sequence + 1) >>> 0;
      this.#rest = new Uint8Array();
      return [];
    }
    const seen = ((this.#next ?? sequence) - sequence) >>> 0; // modulo 2³², as TCP counts
    if (payload.length === 0 || seen >= payload.length) return [];
    this.#next = (sequence + payload.length) >>> 0;
    const all = new Uint8Array(this.#rest.length + payload.length - seen);
    all.set(this.#rest);
    all.set(payload.subarray(seen), this.#rest.length);
    const messages: Uint8Array[] = [];
    let at = 0;
    while (at + 4 <= all.length) {
      const first = all[at] ?? 0;
      const length = ((all[at + 2] ?? 0) << 8) | (all[at + 3] ?? 0);
      const isStun = first < 0x40;
      const size = isStun ? 20 + length : 4 + Math.ceil(length / 4) * 4; // ChannelData is padded on a stream
      if (at + size > all.length) break;
      if (isStun) messages.push(all.slice(at, at + size));
      at += size;
    }
    this.#rest = all.slice(at);
    return messages;
  }
}
