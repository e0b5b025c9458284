import { expect, test } from 'vitest';
import { PcapReader, TurnStream, type Packet } from './pcap.ts';

/** A capture as tcpdump writes it: one UDP datagram in, one TCP segment out, times in nanoseconds. */
function capture(...frames: Uint8Array[]): Uint8Array {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b23c4d, 0);
  header.writeUInt32LE(276, 20);
  const records = frames.map((frame, index) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_700_000_000, 0);
    record.writeUInt32LE(250_000_000 + index, 4);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    return Buffer.concat([record, frame]);
  });
  return Buffer.concat([header, ...records]);
}

function frame(protocol: 6 | 17, outgoing: boolean, payload: Uint8Array): Uint8Array {
  const [cooked, ip] = [Buffer.alloc(20), Buffer.alloc(20)];
  cooked.writeUInt16BE(0x0800, 0);
  cooked.writeUInt32BE(7, 4);
  cooked.writeUInt8(outgoing ? 4 : 0, 10);
  const transport = Buffer.alloc(protocol === 17 ? 8 : 24); // TCP with one word of options
  transport.writeUInt16BE(5000, 0);
  transport.writeUInt16BE(3478, 2);
  if (protocol === 6) {
    transport.writeUInt32BE(0xfffffffe, 4);
    transport.writeUInt8(6 << 4, 12);
  }
  ip.writeUInt8(0x45, 0);
  ip.writeUInt16BE(20 + transport.length + payload.length, 2);
  ip.writeUInt8(protocol, 9);
  ip.set([10, 1, 0, 2, 203, 0, 113, 10], 12);
  const padding = Buffer.alloc(3); // short frames are filled up
  return Buffer.concat([cooked, ip, transport, payload, padding]);
}

const bytes = (...values: number[]) => Uint8Array.from(values);

test.each([1, 7, 1000])('a capture that comes in pieces of %i bytes is read whole', (size) => {
  const file = capture(frame(17, false, bytes(1, 2, 3)), bytes(9, 9), frame(6, true, bytes(4)));
  const reader = new PcapReader();
  const packets: Packet[] = [];
  for (let at = 0; at < file.length; at += size) packets.push(...reader.push(file.subarray(at, at + size)));
  const ends = {
    source: '10.1.0.2:5000',
    destination: '203.0.113.10:3478',
    interfaceIndex: 7,
    begins: false,
  };
  expect(packets).toEqual([
    {
      ...ends,
      atMs: 1_700_000_000_250,
      transport: 'udp',
      outgoing: false,
      sequence: 0,
      payload: bytes(1, 2, 3),
    },
    {
      ...ends,
      atMs: expect.closeTo(1_700_000_000_250, 2) as number,
      transport: 'tcp',
      outgoing: true,
      sequence: 0xfffffffe,
      payload: bytes(4),
    },
  ]);
});

test('a file of another kind is refused', () => {
  expect(() => new PcapReader().push(new Uint8Array(24))).toThrow(/no capture/);
});

const stun = (length: number, fill: number) =>
  bytes(0, 1, 0, length, ...Array<number>(16 + length).fill(fill));

test('messages are found on a TCP connection however it is cut, between ChannelData, once when they come again', () => {
  const channelData = bytes(0x40, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0);
  const wire = Buffer.concat([stun(4, 1), channelData, stun(0, 2)]);
  for (let cut = 1; cut < wire.length; cut++) {
    const stream = new TurnStream();
    const start = 0xfffffff0; // the numbers run over 2³²
    expect(stream.push({ sequence: start, begins: true, payload: bytes() })).toEqual([]);
    const at = (offset: number) => (start + 1 + offset) >>> 0;
    const [first, second] = [wire.subarray(0, cut), wire.subarray(cut)];
    const found = [
      ...stream.push({ sequence: at(0), begins: false, payload: first }),
      ...stream.push({ sequence: at(0), begins: false, payload: first }),
      ...stream.push({ sequence: at(cut - 1), begins: false, payload: wire.subarray(cut - 1) }),
      ...stream.push({ sequence: at(cut), begins: false, payload: second }),
    ];
    expect(found).toEqual([stun(4, 1), stun(0, 2)]);
  }
});
