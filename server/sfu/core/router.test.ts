import { describe, expect, test } from 'vitest';
import { ForwardTable } from '../../../src/protocol/middlebox.ts';
import { FIR, NACK, nack, nacked, PLI, pictureLoss, readRemb, REMB, remb } from '../../rtp/rtcp.ts';
import { RtpPacket } from '../../rtp/rtp.ts';
import { feedback, packetTypes, readFrame, seeded, TestRoom, Writer } from './test-room.ts';

const { payloadFeedback, receiverReport, senderReport, transportFeedback } = packetTypes;

/** Alice sends a camera, bob watches it. */
function call(rids: readonly string[] = []) {
  const room = new TestRoom();
  const up = room.line('alice', 'up');
  const down = room.line('bob', 'down');
  const camera = room.camera('alice', up, { rids });
  const consumer = room.watch(down, camera);
  room.want('bob', [camera]);
  const writers = (rids.length > 0 ? rids : [undefined]).map(
    (rid, index) => new Writer(100 + index, '1', rid),
  );
  const send = (packets: readonly Buffer[]) => {
    for (const packet of packets) up.transport.receiveRtp(Buffer.from(packet), room.nowMs);
  };
  return { room, up, down, camera, consumer, writers, writer: writers[0]!, send };
}

describe('forwarding', () => {
  test('a packet leaves with the same payload under the receiver’s own SSRC, mid and numbers', () => {
    const { down, send, writer, consumer } = call();
    writer.sequence = 65_534;
    send([...writer.frame(true, 2), ...writer.frame(false)]);
    expect(down.rtp).toHaveLength(3);
    const frames = down.rtp.map(readFrame);
    expect(frames.map(({ name }) => name)).toEqual(['-/1/0', '-/1/1', '-/2/0']);
    expect(new Set(frames.map(({ ssrc }) => ssrc))).toEqual(new Set([consumer.options.ssrc]));
    const [first] = frames;
    expect(frames.map(({ sequence }) => sequence - first!.sequence)).toEqual([0, 1, 2]);
    const packet = RtpPacket.read(down.rtp[0]!)!;
    expect(packet.text(1)).toBe(consumer.options.mid);
    expect(packet.payloadType).toBe(96);
    // abs-send-time: 24 bits of seconds and parts of 2⁻¹⁸.
    expect(packet.extension(4)!.readUIntBE(0, 3)).toBe(Math.floor(1_000 * 2 ** 18) % 2 ** 24);
  });

  test('begins with a key frame, which it asks for as soon as both ends are there', () => {
    const { room, up, down, send, writer } = call();
    send(writer.frame(false));
    expect(down.rtp).toHaveLength(0);
    room.tick();
    const [wish] = feedback(up, payloadFeedback, PLI);
    expect(wish?.readUInt32BE(8)).toBe(100);
    send(writer.frame(true));
    expect(down.rtp).toHaveLength(1);
  });

  test('what nobody shows is not forwarded', () => {
    const { room, down, send, writer } = call();
    room.want('bob', []);
    send(writer.frame(true));
    expect(down.rtp).toHaveLength(0);
    expect(room.router.table(room.nowMs).outputs[0]).toMatchObject({
      forwarding: false,
      reason: 'not-shown',
    });
  });

  test('nobody hears themself', () => {
    const room = new TestRoom();
    const up = room.line('alice', 'up');
    const [alice, bob] = [room.line('alice', 'down'), room.line('bob', 'down')];
    const microphone = room.microphone('alice', up);
    for (const line of [alice, bob]) room.watch(line, microphone);
    room.tick(100);
    up.transport.receiveRtp(new Writer(5, '0').sound(-20), room.nowMs);
    expect(alice.rtp).toHaveLength(0);
    expect(bob.rtp).toHaveLength(1);
    const packet = RtpPacket.read(bob.rtp[0]!)!;
    expect(packet.marker).toBe(true);
    expect(packet.extension(6)![0]).toBe(20);
  });

  test('padding that only finds out what a line holds is not forwarded, and leaves no gap', () => {
    const { down, send, writer } = call();
    send(writer.frame(true));
    const probe = writer.packet(96, false, Buffer.from([0, 0, 3]));
    probe[0]! |= 0x20;
    send([probe, writer.repair(writer.packet(96, false, Buffer.alloc(0)))]);
    writer.sequence -= 1;
    send(writer.frame(false));
    const [first, second, ...more] = down.rtp.map(readFrame);
    expect(second!.sequence).toBe((first!.sequence + 1) & 0xffff);
    expect(more).toHaveLength(0);
  });

  test('the offered SSRCs are known before a packet names its mid', () => {
    const room = new TestRoom();
    const up = room.line('alice', 'up');
    const down = room.line('bob', 'down');
    const one = room.camera('alice', up, { ssrcs: [{ ssrc: 7, rtx: 8 }] });
    const two = room.camera('alice', up, { mid: '2', source: 'screen', ssrcs: [{ ssrc: 17 }] });
    for (const producer of [one, two]) room.watch(down, producer);
    room.want('bob', [one, two]);
    const writer = new Writer(17, '');
    up.transport.receiveRtp(writer.frame(true)[0]!, room.nowMs);
    expect(room.router.table(room.nowMs).outputs.map(({ source, packets }) => [source, packets])).toEqual([
      ['camera', 0],
      ['screen', 1],
    ]);
  });
});

describe('repair', () => {
  test('what is lost on the way in is asked for at once, every 60 ms, and given up for a key frame after eight times', () => {
    const { room, up, send, writer } = call();
    send(writer.frame(true));
    const [lost] = writer.frame(false);
    send(writer.frame(false));
    const asked = () => feedback(up, transportFeedback, NACK);
    expect(asked().map((packet) => [packet.readUInt32BE(8), ...nacked(packet)])).toEqual([
      [100, RtpPacket.read(lost!)!.sequence],
    ]);
    const wishes = feedback(up, payloadFeedback, PLI).length;
    for (let times = 0; times < 7; times++) room.tick(60);
    expect(asked()).toHaveLength(8);
    expect(feedback(up, payloadFeedback, PLI)).toHaveLength(wishes);
    room.tick(60);
    room.tick(60);
    expect(asked()).toHaveLength(8);
    expect(feedback(up, payloadFeedback, PLI)).toHaveLength(wishes + 1);
  });

  test('a repetition takes the place that was kept for it', () => {
    const { up, down, send, writer } = call();
    send(writer.frame(true));
    const [lost] = writer.frame(false);
    send(writer.frame(false));
    send([writer.repair(lost!)]);
    expect(down.rtp.map((packet) => readFrame(packet).name)).toEqual(['-/1/0', '-/3/0', '-/2/0']);
    const [first, third, second] = down.rtp.map(readFrame);
    expect([third!.sequence, second!.sequence]).toEqual([first!.sequence + 2, first!.sequence + 1]);
    send([writer.repair(lost!)]);
    expect(down.rtp).toHaveLength(3);
    expect(feedback(up, transportFeedback, NACK)).toHaveLength(1);
  });

  test('a key frame whose first packet comes late is forwarded whole', () => {
    const { down, send, writer } = call();
    send(writer.frame(false));
    const [first, ...rest] = writer.frame(true, 3);
    send([...rest, ...writer.frame(false)]);
    expect(down.rtp).toHaveLength(0);
    send([writer.repair(first!)]);
    const frames = down.rtp.map(readFrame);
    expect(frames.map(({ name }) => name)).toEqual(['-/2/0', '-/2/1', '-/2/2', '-/3/0']);
    expect(frames.map(({ sequence }) => sequence - frames[0]!.sequence)).toEqual([0, 1, 2, 3]);
  });

  test('what is lost on the way out is repeated from one store', () => {
    const { room, down, send, writer, consumer } = call();
    send([...writer.frame(true, 3), ...writer.frame(false)]);
    const sent = down.rtp.splice(0);
    const { ssrc, rtxSsrc } = consumer.options;
    const missing = RtpPacket.read(sent[1]!)!;
    down.transport.receiveRtcp(
      nack(1, ssrc, [missing.sequence, (missing.sequence + 9_999) & 0xffff]),
      room.nowMs,
    );
    expect(down.rtp).toHaveLength(1);
    const repeat = RtpPacket.read(down.rtp[0]!)!;
    expect([repeat.ssrc, repeat.payloadType, repeat.time]).toEqual([rtxSsrc, 97, missing.time]);
    expect(repeat.repeated(ssrc, 96)!.payload.equals(missing.payload)).toBe(true);
    expect(room.router.table(room.nowMs).outputs[0]).toMatchObject({ repeated: 1 });
  });

  test('who asks for everything again and again is sent a bounded amount', () => {
    const { room, down, send, writer, consumer } = call();
    send(writer.frame(true, 20));
    const { sequence } = RtpPacket.read(down.rtp[0]!)!;
    down.rtp.length = 0;
    const all = Array.from({ length: 20 }, (_, index) => sequence + index);
    for (let times = 0; times < 1_000; times++)
      down.transport.receiveRtcp(nack(1, consumer.options.ssrc, all), room.nowMs);
    expect(down.rtp.length).toBeLessThanOrEqual(512);
  });
});

describe('feedback', () => {
  test('wishes for a key frame are passed on, at most one in 300 ms, and none is forgotten', () => {
    const { room, up, down, send, writer, consumer } = call();
    const wishes = () => feedback(up, payloadFeedback, PLI).length;
    send(writer.frame(false));
    room.tick();
    send(writer.frame(true));
    expect(wishes()).toBe(1);
    const { ssrc } = consumer.options;
    for (let times = 0; times < 5; times++) {
      down.transport.receiveRtcp(pictureLoss(1, ssrc), room.nowMs);
      room.tick(40);
    }
    expect(wishes()).toBe(1);
    room.tick(100);
    expect(wishes()).toBe(2);
    send(writer.frame(true));
    for (let times = 0; times < 40; times++) room.tick();
    expect(wishes()).toBe(2);
    const fir = Buffer.alloc(20);
    fir[0] = 0x80 | FIR;
    fir[1] = payloadFeedback;
    fir.writeUInt16BE(4, 2);
    fir.writeUInt32BE(ssrc, 12);
    send(writer.frame(false));
    down.transport.receiveRtcp(fir, room.nowMs);
    room.tick();
    expect(wishes()).toBe(3);
  });

  test('a publisher is told what came, and the limit where it asked for one', () => {
    const { room, up, send, writer } = call();
    send(writer.frame(true));
    room.tick(1_000);
    const [report] = feedback(up, receiverReport);
    expect(report!.readUInt32BE(8)).toBe(100);
    expect(feedback(up, payloadFeedback, REMB).map(readRemb)).toEqual([expect.closeTo(5_000_000, -3)]);
  });

  test('with transport-wide feedback every packet of the connection is told of, probing as well', () => {
    const room = new TestRoom();
    const up = room.line('alice', 'up');
    room.camera('alice', up, { feedback: 'transport-cc' });
    const writer = new Writer(100);
    for (const number of [65_534, 65_535, 1]) {
      const value = Buffer.alloc(2);
      value.writeUInt16BE(number);
      up.transport.receiveRtp(writer.packet(97, false, Buffer.alloc(0), [[5, value]]), room.nowMs);
      room.nowMs += 5;
    }
    room.tick();
    const [report] = feedback(up, transportFeedback, 15);
    expect(report!.readUInt16BE(12)).toBe(65_534);
    expect(report!.readUInt16BE(14)).toBe(4);
    // Came, came, lost, came: the second 5 ms after the first.
    expect(report!.readUInt16BE(20)).toBe(0b11_01_01_00_01_00_00_00);
    expect(report![23]).toBe(20);
    expect(feedback(up, payloadFeedback, REMB)).toHaveLength(0);
  });

  test('a receiver is told its sender’s clock in its own numbers', () => {
    const { room, up, down, send, writer, consumer } = call();
    send(writer.frame(true));
    up.transport.receiveRtcp(writer.report(1_700_000_000_000), room.nowMs);
    room.tick(1_000);
    const [report] = feedback(down, senderReport);
    const { time } = readFrame(down.rtp[0]!);
    expect(report!.readUInt32BE(4)).toBe(consumer.options.ssrc);
    expect(report!.readUInt32BE(8)).toBe(1_700_000_001 + 2_208_988_800);
    expect(report!.readUInt32BE(16)).toBe(time + 90_000);
    expect(report!.readUInt32BE(20)).toBe(1);
  });

  test('what a receiver says of its line is known', () => {
    const { room, down } = call();
    down.transport.receiveRtcp(remb(1, [2], 800_000), room.nowMs);
    expect(down.transport.estimateBps).toBeCloseTo(800_000, -2);
  });
});

describe('layers', () => {
  test('another layer begins at its key frame: until then the one before goes on, and afterwards all numbers do', () => {
    const { room, up, down, send, writers, consumer } = call(['l', 'h']);
    const [low, high] = writers as [Writer, Writer];
    Object.assign(low, { sequence: 100, time: 5_000, pictureId: 300, tl0: 10 });
    Object.assign(high, { sequence: 40_000, time: 9_000_000, pictureId: 32_767, tl0: 255 });
    room.want('bob', [consumer.producer], 320, 180);
    send([...low.frame(true, 1, 0, 320, 180), ...high.frame(false)]);
    up.transport.receiveRtcp(low.report(1_700_000_000_000), room.nowMs);
    up.transport.receiveRtcp(high.report(1_700_000_000_000), room.nowMs);
    room.want('bob', [consumer.producer], 1280, 720);
    room.tick(33);
    expect(feedback(up, payloadFeedback, PLI).at(-1)?.readUInt32BE(8)).toBe(101);
    send([...low.frame(false), ...high.frame(false)]);
    expect(room.router.table(room.nowMs).outputs[0]).toMatchObject({
      rid: 'l',
      target: 'h',
      reason: 'key-frame',
    });
    room.nowMs += 33;
    send([...high.frame(true, 2), ...low.frame(false), ...high.frame(false)]);
    const frames = down.rtp.map(readFrame);
    expect(frames.map(({ name }) => name)).toEqual(['l/301/0', 'l/302/0', 'h/2/0', 'h/2/1', 'h/3/0']);
    const [first] = frames;
    expect(frames.map(({ sequence }) => sequence - first!.sequence)).toEqual([0, 1, 2, 3, 4]);
    expect(frames.map(({ pictureId }) => pictureId - first!.pictureId)).toEqual([0, 1, 2, 2, 3]);
    expect(frames.map(({ tl0 }) => tl0 - first!.tl0)).toEqual([0, 1, 2, 2, 3]);
    // By the sender's reports the third picture is two frames after the first.
    expect(frames.map(({ time }) => time - first!.time)).toEqual([0, 3_000, 6_000, 6_000, 9_000]);
  });

  test('without reports timestamps go on by the time that has passed', () => {
    const { room, down, send, writers, consumer } = call(['l', 'h']);
    const [low, high] = writers as [Writer, Writer];
    high.time = 4_000_000_000;
    room.want('bob', [consumer.producer], 320, 180);
    send([...low.frame(true, 1, 0, 320, 180), ...high.frame(false)]);
    room.want('bob', [consumer.producer], 1280, 720);
    room.nowMs += 100;
    send(high.frame(true));
    const [first, second] = down.rtp.map(readFrame);
    expect(second!.time - first!.time).toBe(9_000);
  });
});

test('on a thin line the pictures that no other needs are left out, and all numbers stay whole', () => {
  const { room, down, send, writer } = call();
  // Two seconds of 30 pictures each: every second one is of temporal layer 1.
  const second = () => {
    for (let index = 0; index < 30; index++) {
      send(writer.frame(false, 6, index % 2));
      room.tick(33);
    }
  };
  send(writer.frame(true));
  second();
  const sentBps = room.router.table(room.nowMs).lines[1]!.outBitsPerSec;
  down.transport.receiveRtcp(remb(1, [1], 2 * sentBps), room.nowMs);
  down.transport.receiveRtcp(remb(1, [1], 0.7 * sentBps), room.nowMs);
  second();
  expect(room.router.table(room.nowMs).outputs[0]).toMatchObject({ forwarding: true, reason: 'bandwidth' });
  const before = down.rtp.length;
  second();
  const thinned = down.rtp.slice(before);
  expect(thinned).toHaveLength(90);
  const frames = down.rtp.map(readFrame);
  expect(frames.map(({ sequence }) => sequence - frames[0]!.sequence)).toEqual(
    frames.map((_, index) => index),
  );
  const pictures = new Set(frames.map(({ pictureId }) => pictureId));
  expect([...pictures].map((id) => id - frames[0]!.pictureId)).toEqual(
    [...pictures.keys()].map((_, index) => index),
  );
  // Each of them can be repeated.
  for (const { sequence } of frames.slice(-100))
    down.transport.receiveRtcp(nack(1, frames[0]!.ssrc, [sequence]), room.nowMs);
  expect(down.rtp).toHaveLength(frames.length + 100);
});

test(
  'whatever is lost, late, repeated or switched, a receiver has every number once, and pictures in order',
  { timeout: 20_000 },
  () => {
    const random = seeded(3);
    for (let run = 0; run < 5; run++) {
      const { room, down, send, writers, consumer } = call(['l', 'h']);
      for (const writer of writers) {
        writer.sequence = 65_000 + Math.floor(random() * 500);
        writer.pictureId = 32_700;
        writer.tl0 = 250;
      }
      const late: { packet: Buffer; atFrame: number }[] = [];
      for (let frame = 0; frame < 300; frame++) {
        if (frame % 50 === 20) room.want('bob', [consumer.producer], random() < 0.5 ? 320 : 1280);
        for (const writer of writers) {
          const size = writer === writers[0] ? 320 : 1280;
          for (const packet of writer.frame(frame % 25 === 0, 3, 0, size)) {
            const chance = random();
            if (chance < 0.1)
              late.push({ packet: writer.repair(packet), atFrame: frame + 1 + Math.floor(random() * 3) });
            else if (chance < 0.2) late.push({ packet, atFrame: frame + 1 });
            else send([packet]);
          }
        }
        for (const { packet } of late.filter(({ atFrame }) => atFrame === frame)) send([packet]);
        room.tick(33);
      }
      const frames = down.rtp.map(readFrame);
      const first = Math.min(...frames.map(({ sequence }) => sequence));
      const numbers = frames.map(({ sequence }) => sequence - first).toSorted((a, b) => a - b);
      expect(new Set(numbers).size).toBe(numbers.length);
      const inOrder = frames.toSorted((a, b) => a.sequence - b.sequence);
      const steps = inOrder.slice(1).map((one, index) => {
        const before = inOrder[index]!;
        return [one.pictureId - before.pictureId, one.time >= before.time];
      });
      expect(steps.filter(([step, isLater]) => (step as number) < 0 || !isLater)).toEqual([]);
      // Gaps are only where a layer was left before its last packets came.
      expect(numbers.at(-1)! + 1 - numbers.length).toBeLessThan(40);
      expect(numbers.length).toBeGreaterThan(600);
    }
  },
);

test('the forward table says what comes in, what goes out and why', () => {
  const { room, send, writers } = call(['l', 'h']);
  for (const writer of writers) send(writer.frame(true));
  room.tick(500);
  const table = ForwardTable.parse(room.router.table(room.nowMs));
  expect(table.engine).toBe('test');
  expect(table.inputs.map(({ rid, packets, width }) => [rid, packets, width])).toEqual([
    ['l', 1, 640],
    ['h', 1, 640],
  ]);
  expect(table.lines.map(({ leg, state }) => [leg, state])).toEqual([
    ['up', 'connected'],
    ['down', 'connected'],
  ]);
  expect(table.lines[0]!.inBitsPerSec).toBe(table.inputs.reduce((sum, { bytes }) => sum + 8 * bytes, 0));
  room.tick(1_000);
  expect(room.router.table(room.nowMs).lines[0]!.inBitsPerSec).toBe(0);
});

test('after the end nothing is held, whatever ends first', () => {
  const { room, up, down, camera, send, writer } = call();
  send(writer.frame(true));
  camera.close();
  camera.close();
  expect(room.router.table(room.nowMs)).toMatchObject({ inputs: [], outputs: [] });
  expect(room.router.producers.size).toBe(0);
  send(writer.frame(true));
  expect(down.rtp).toHaveLength(1);
  const again = room.camera('alice', up);
  room.watch(down, again).close();
  room.router.close();
  room.router.close();
  expect(room.router.table(room.nowMs)).toMatchObject({ lines: [], inputs: [], outputs: [] });
  for (const { transport } of [up, down]) transport.receiveRtp(writer.frame(true)[0]!, room.nowMs);
  expect(() => room.camera('alice', up)).toThrow(RangeError);
});

test('a transport carries a bounded number of producers and consumers', () => {
  const room = new TestRoom();
  const up = room.line('alice', 'up');
  const down = room.line('bob', 'down');
  const cameras = Array.from({ length: 16 }, (_, index) => room.camera('alice', up, { mid: `${index}` }));
  expect(() => room.camera('alice', up)).toThrow(RangeError);
  for (let count = 0; count < 512; count++) room.watch(down, cameras[0]!);
  expect(() => room.watch(down, cameras[0]!)).toThrow(RangeError);
});
