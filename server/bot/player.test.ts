import { expect, test } from 'vitest';
import { sdpFixture } from '../../tests/fixtures/sdp.ts';
import type { Clip } from './clip.ts';
import { Player } from './player.ts';
import { FIR, NACK, packetTypes, PLI, splitCompound, writeHead } from '../rtp/rtcp.ts';
import { writeRtp } from '../rtp/rtp.ts';
import { readOffer, writeAnswer } from './sdp.ts';

/** Two seconds at ten frames a second, a key frame each second; a frame holds its number. */
const clip: Clip = {
  width: 320,
  height: 180,
  framesPerSec: 10,
  frames: Array.from({ length: 20 }, (_, index) => ({
    isKey: index % 10 === 0,
    bytes: Buffer.from([index]),
  })),
  packets: ['a', 'b', 'c'].map((text) => Buffer.from(text)),
  packetMs: 20,
};
const offer = sdpFixture('chromium-156-offer-audio-video-data');
const ssrcsOf = (mid: string) => ({ media: 1_000 + Number(mid), rtx: 2_000 + Number(mid) });
const [SOUND, PICTURE] = [1_000, 1_001];

function setup(sdp = offer): Player {
  const player = new Player(clip, 1_000_000_000_000);
  player.negotiate(readOffer(sdp, player.wanted).sections, ssrcsOf);
  return player;
}

const answerOf = (sdp: string): string[] => {
  const player = new Player(clip);
  const read = readOffer(sdp, player.wanted);
  player.negotiate(read.sections, ssrcsOf);
  return writeAnswer(read, {
    sessionId: '7',
    version: 1,
    credentials: { usernameFragment: 'ours', password: 'a password of 22 chars' },
    fingerprint: 'AA:BB',
    candidates: [{ address: '192.0.2.1', port: 5000 }],
    directionOf: (section) => player.directionOf(section),
    ssrcsOf,
  })
    .split(/\r\n(?=m=)/)
    .slice(1);
};

const seen = (packet: Buffer) => ({
  ssrc: packet.readUInt32BE(8),
  payloadType: packet[1]! & 0x7f,
  marker: packet[1]! > 0x7f,
  sequence: packet.readUInt16BE(2),
  time: packet.readUInt32BE(4),
  payload: packet.subarray(12),
});
/** The frames of the clip that are sent in steps of 20 ms. */
function pictures(player: Player, fromMs: number, toMs: number) {
  const packets: Buffer[] = [];
  for (let nowMs = fromMs; nowMs < toMs; nowMs += 20) packets.push(...player.play(nowMs));
  return packets.map(seen).filter(({ ssrc }) => ssrc === PICTURE);
}
const framesOf = (packets: ReturnType<typeof pictures>) => packets.map(({ payload }) => payload[1]);

/** The m-lines of a meeting: microphone, camera, screen, its sound, data. */
const meeting = (browser: 'chromium-156' | 'firefox-153') => {
  const sdp = sdpFixture(`${browser}-offer-audio-video-data`);
  const [session = '', audio = '', video = '', data = ''] = sdp.split(/\r\n(?=m=)/);
  const renamed = (section: string, mid: number) => section.replace(/a=mid:\S+/, `a=mid:${mid}`);
  const sections = [audio, video, video, audio, data].map(renamed);
  return `${[session.replace(/a=group:BUNDLE .*/, 'a=group:BUNDLE 0 1 2 3 4'), ...sections].join('\r\n')}\r\n`;
};

test.each(['chromium-156', 'firefox-153'] as const)(
  'answers the offer of a meeting by %s: own sound and picture first, the screen is only received',
  (browser) => {
    const [mic = '', camera = '', screen = '', screenSound = '', data = ''] = answerOf(meeting(browser));
    expect(mic).toContain('a=sendrecv');
    expect(mic).toMatch(/a=rtpmap:\d+ opus\/48000\/2/);
    expect(mic).toContain('a=ssrc:1000 cname:bot');
    expect(camera).toContain('a=sendrecv');
    expect(camera).toMatch(/^m=video 5000 \S+ \d+\r\n/); // one codec, and no repair stream
    expect(camera).toMatch(/a=rtpmap:\d+ VP8\/90000/);
    expect(camera).toContain('a=ssrc:1001 cname:bot');
    expect(camera).toContain('a=msid:bot ');
    for (const feedback of ['nack', 'nack pli', 'ccm fir'])
      expect(camera).toMatch(new RegExp(`a=rtcp-fb:\\d+ ${feedback}\\r\\n`));
    for (const section of [screen, screenSound]) {
      expect(section).toContain('a=recvonly');
      expect(section).not.toContain('a=ssrc');
      expect(section).not.toContain('a=msid');
    }
    expect(data).toContain('a=sctp-port:5000');
  },
);

test('sends to whoever only listens, and nothing to whoever does not', () => {
  const listening = answerOf(sdpFixture('chromium-156-offer-receive-only'));
  expect(listening.filter((section) => section.includes('a=sendonly')).length).toBeGreaterThan(0);
  const [mic = '', camera = ''] = answerOf(offer.replaceAll('a=sendrecv', 'a=sendonly'));
  expect(mic).toContain('a=recvonly');
  expect(camera).toContain('a=recvonly');
  expect(setup(offer.replaceAll('a=sendrecv', 'a=sendonly')).play(0)).toEqual([]);
});

test('takes VP8 where another codec is preferred, and sends no picture where there is none', () => {
  const [, camera = ''] = offer.split(/\r\n(?=m=)/).slice(1);
  const later = camera.replace(/^(m=video \d+ \S+) 96 97 102/, '$1 102 96 97');
  const [, taken = ''] = answerOf(offer.replace(camera, later));
  expect(taken).toContain('a=rtpmap:96 VP8/90000');
  const [, refused = ''] = answerOf(offer.replace('VP8/90000', 'VP10/90000'));
  expect(refused).toContain('a=recvonly');
});

test('a second of sound and picture, evenly, under the numbers that were negotiated', () => {
  const player = setup();
  const packets: ReturnType<typeof seen>[] = [];
  for (let nowMs = 5_000; nowMs < 6_000; nowMs += 20) packets.push(...player.play(nowMs).map(seen));
  const sound = packets.filter(({ ssrc }) => ssrc === SOUND);
  const picture = packets.filter(({ ssrc }) => ssrc === PICTURE);
  expect(sound).toHaveLength(50);
  expect(sound.map(({ payload }) => String(payload)).join('')).toBe('abc'.repeat(17).slice(0, 50));
  expect(new Set(sound.map(({ payloadType }) => payloadType))).toEqual(new Set([111]));
  expect(sound.map(({ marker }) => marker).indexOf(true, 1)).toBe(-1);
  expect(sound[0]?.marker).toBe(true);
  expect(framesOf(picture)).toEqual(Array.from({ length: 10 }, (_, index) => index));
  expect(picture.every(({ marker, payload }) => marker && payload[0] === 0x10)).toBe(true);
  const steps = (stream: typeof sound, field: 'time' | 'sequence', size: number) =>
    new Set(stream.slice(1).map((one, index) => (one[field] - stream[index]![field] + size) % size));
  expect(steps(sound, 'time', 2 ** 32)).toEqual(new Set([960]));
  expect(steps(picture, 'time', 2 ** 32)).toEqual(new Set([9_000]));
  expect(steps(sound, 'sequence', 2 ** 16)).toEqual(new Set([1]));
  expect(steps(picture, 'sequence', 2 ** 16)).toEqual(new Set([1]));
});

test('the clip begins anew, and timestamps go on as if it had not', () => {
  const sent = pictures(setup(), 0, 4_500);
  expect(framesOf(sent)).toEqual(Array.from({ length: 45 }, (_, index) => index % 20));
  const times = sent.map(({ time }) => time);
  expect(times.slice(1).every((time, index) => (time - times[index]! + 2 ** 32) % 2 ** 32 === 9_000)).toBe(
    true,
  );
});

const wish = (type: number, format: number, ...words: number[]) => {
  const packet = Buffer.alloc(4 + 4 * words.length);
  writeHead(packet, format, type);
  words.forEach((word, index) => packet.writeUInt32BE(word, 4 + 4 * index));
  return packet;
};

test.each([
  ['PLI', wish(packetTypes.payloadFeedback, PLI, 9, PICTURE)],
  ['FIR', wish(packetTypes.payloadFeedback, FIR, 9, 0, PICTURE, 0)],
])('%s: goes on with the next key frame; one that was sent just now is not sent twice', (_, request) => {
  const player = setup();
  expect(framesOf(pictures(player, 0, 100))).toEqual([0]);
  player.rtcp(request, 100);
  expect(framesOf(pictures(player, 100, 500))).toEqual([1, 2, 3, 4]);
  player.rtcp(request, 500);
  const after = pictures(player, 500, 700);
  expect(framesOf(after)).toEqual([10, 11]);
  player.rtcp(request, 700);
  expect(framesOf(pictures(player, 700, 800))).toEqual([12]);
  player.rtcp(wish(packetTypes.payloadFeedback, PLI, 9, SOUND), 1_500);
  expect(framesOf(pictures(player, 1_500, 1_520))).toEqual([13, 14, 15, 16, 17, 18, 19, 0]);
});

test('what was lost is sent again as it was, while it is remembered, and not without end', () => {
  const player = setup();
  const sent = pictures(player, 0, 1_000);
  const { sequence } = sent[3]!;
  const asked = (first: number, more = 0) => {
    const packet = wish(packetTypes.transportFeedback, NACK, 9, PICTURE, 0);
    packet.writeUInt16BE(first & 0xffff, 12);
    packet.writeUInt16BE(more, 14);
    return player.rtcp(packet, 1_000).map(seen);
  };
  expect(asked(sequence)).toEqual([sent[3]]);
  expect(asked(sequence, 0b101)).toEqual([sent[3], sent[4], sent[6]]);
  expect(asked(sequence + 30_000)).toEqual([]);
  let again = 0;
  for (let attempt = 0; attempt < 100; attempt++) again += asked(sequence, 0b11).length;
  expect(again).toBeLessThan(64);
});

test('after a pause of its own it leaves out what is late, and begins with a key frame', () => {
  const player = setup();
  const before = pictures(player, 0, 500);
  const after = pictures(player, 10_500, 10_700);
  expect(framesOf(after)).toEqual([10, 11]);
  expect((after[0]!.time - before[4]!.time + 2 ** 32) % 2 ** 32).toBe(((10_500 - 400) * 90_000) / 1000);
  expect((after[0]!.sequence - before[4]!.sequence + 2 ** 16) % 2 ** 16).toBe(1);
});

test('a picture that pauses and comes back goes on with its numbers', () => {
  const player = setup();
  const before = pictures(player, 0, 500);
  player.negotiate(readOffer(offer.replaceAll('a=sendrecv', 'a=inactive'), player.wanted).sections, ssrcsOf);
  expect(pictures(player, 500, 3_000)).toEqual([]);
  player.negotiate(readOffer(offer, player.wanted).sections, ssrcsOf);
  const after = pictures(player, 3_000, 3_100);
  expect(framesOf(after)).toEqual([0]);
  expect((after[0]!.sequence - before[4]!.sequence + 2 ** 16) % 2 ** 16).toBe(1);
});

test('reports once on what it sends and on what it receives, and asks for less of a picture', () => {
  const player = setup();
  pictures(player, 0, 1_000);
  for (const [payloadType, ssrc] of [
    [111, 71],
    [96, 72],
  ] as const)
    player.rtp(writeRtp({ payloadType, marker: false, sequence: 1, time: 1, ssrc }), 990);
  player.rtp(writeRtp({ payloadType: 33, marker: false, sequence: 1, time: 1, ssrc: 73 }), 990);
  const [compound = Buffer.alloc(0)] = player.report(400_000, 1_000);
  const packets = splitCompound(compound) ?? [];
  expect(packets.map((packet) => packet[1])).toEqual([200, 202, 200, 202, 206]);
  const [sound, , picture, , limit] = packets;
  expect([sound?.readUInt32BE(4), picture?.readUInt32BE(4)]).toEqual([SOUND, PICTURE]);
  expect(sound!.readUInt32BE(8)).toBe(1_000_000_001 + 2_208_988_800);
  expect([sound?.readUInt32BE(20), picture?.readUInt32BE(20)]).toEqual([50, 10]);
  expect([28, 52].map((at) => sound?.readUInt32BE(at))).toEqual([71, 72]);
  expect(limit?.readUInt32BE(20)).toBe(72);
  expect((limit!.readUInt32BE(16) & 0x3ffff) * 2 ** ((limit!.readUInt32BE(16) >> 18) & 0x3f)).toBe(400_000);
});

test('before it has sent anything it reports as a receiver', () => {
  expect(setup().report(400_000, 0)[0]?.[1]).toBe(packetTypes.receiverReport);
});
