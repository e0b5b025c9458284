import { expect, test } from 'vitest';
import { nack, pictureLoss, receiverReport, remb, senderReport } from '../../rtp/rtcp.ts';
import { ForwardTable } from '../../../src/protocol/middlebox.ts';
import { seeded, TestRoom, Writer } from './test-room.ts';

const PACKETS = 100_000;

test(`${PACKETS} mutated packets crash nothing, and nothing grows`, { timeout: 60_000 }, () => {
  const random = seeded(7);
  const below = (most: number) => Math.floor(random() * most);
  const room = new TestRoom();
  const up = room.line('alice', 'up');
  const down = room.line('bob', 'down');
  const names = ['VP8', 'VP9', 'H264', 'AV1', 'else'];
  const producers = names.map((name, index) =>
    room.camera('alice', up, {
      mid: `${index}`,
      rids: index % 2 === 0 ? ['l', 'h'] : [],
      feedback: index === 0 ? 'transport-cc' : 'goog-remb',
      codec: { kind: 'video', name, payloadType: 96, clockRate: 90_000, parameters: '', rtxPayloadType: 97 },
    }),
  );
  producers.push(room.microphone('alice', up));
  const consumers = producers.map((producer) => room.watch(down, producer));
  room.want('bob', producers.slice(0, names.length));
  const writers = producers.map(
    (_, index) => new Writer(index + 1, `${index}`, index % 2 === 0 ? 'l' : undefined),
  );

  const rtpOf = (): Buffer => {
    const writer = writers[below(writers.length)]!;
    if (random() < 0.05) writer.sequence = below(2 ** 16);
    const [packet] = writer.frame(random() < 0.1, 1, below(3));
    const sound = writer.sound(-below(127));
    return random() < 0.2 ? sound : random() < 0.2 ? writer.repair(packet!) : packet!;
  };
  const rtcpOf = (): Buffer => {
    const { ssrc } = consumers[below(consumers.length)]!.options;
    const list = Array.from({ length: below(20) }, () => below(2 ** 16));
    const sent = { ssrc: 1 + below(6), time: below(2 ** 32), packets: 1, bytes: 1 };
    const all = [
      nack(1, ssrc, list),
      pictureLoss(1, ssrc),
      receiverReport(1, [Buffer.alloc(24, below(256))]),
      remb(1, [ssrc], 1 + below(1e7)),
      senderReport(sent, below(2e12)),
    ];
    return Buffer.concat(all.slice(below(all.length)));
  };
  const mutate = (packet: Buffer): Buffer => {
    let bytes = Buffer.from(packet);
    for (let count = below(4); count > 0 && bytes.length > 0; count--)
      bytes[below(Math.min(60, bytes.length))] = below(256);
    if (random() < 0.2) bytes = bytes.subarray(0, below(bytes.length + 1));
    return bytes;
  };

  for (let count = 0; count < PACKETS; count++) {
    const line = random() < 0.7 ? up : down;
    if (random() < 0.6) line.transport.receiveRtp(mutate(rtpOf()), room.nowMs);
    else line.transport.receiveRtcp(mutate(rtcpOf()), room.nowMs);
    room.nowMs += random();
    if (count % 100 === 0) room.tick();
    if (count % 1_000 === 0) {
      ForwardTable.parse(room.router.table(room.nowMs));
      for (const { rtp, rtcp } of [up, down]) rtp.length = rtcp.length = 0;
    }
  }
  // It still forwards.
  const writer = new Writer(4_711, '1');
  room.tick();
  for (const line of [up, down]) line.rtp.length = 0;
  const last = consumers[1]!;
  for (let count = 0; count < 3; count++) {
    up.transport.receiveRtp(writer.packet(96, true, Buffer.from([0x8b, 1, 2, 0x10, 1, 1])), room.nowMs);
    room.tick();
  }
  expect(down.rtp.some((packet) => packet.readUInt32BE(8) === last.options.ssrc)).toBe(true);
  room.router.close();
  expect(room.router.table(room.nowMs)).toMatchObject({ lines: [], inputs: [], outputs: [] });
});
