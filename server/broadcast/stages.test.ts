import { pino } from 'pino';
import { expect, test } from 'vitest';
import { RoomId } from '../../src/protocol/signaling.ts';
import { sdpFixture } from '../../tests/fixtures/sdp.ts';
import { RtpPacket, writeRtp } from '../rtp/rtp.ts';
import { createRouter } from '../sfu/core/router.ts';
import type { MediaTransport, TransportEvents, Transports } from '../sfu/transport/transport.ts';
import { BroadcastStages } from './stages.ts';

const blue = RoomId.parse('blue');
const local = {
  usernameFragment: 'ours',
  password: 'a-password-of-22-characters',
  fingerprint: { algorithm: 'sha-256', value: 'AA:BB' },
  setup: 'passive',
  candidates: ['1 1 udp 2130706431 192.0.2.1 5000 typ host'],
  lite: false,
} as const;

interface Line {
  readonly events: TransportEvents;
  readonly sent: Buffer[];
  readonly asked: Buffer[];
  closed: boolean;
}

/** Stages over connections that only note what is sent. */
function setup() {
  const lines: Line[] = [];
  const transports: Transports = {
    name: 'noted',
    port: 1,
    answer: async (_, { events }) => {
      const line: Line = { events, sent: [], asked: [], closed: false };
      lines.push(line);
      return {
        local,
        state: 'connecting',
        sendRtp: (packet) => void line.sent.push(packet),
        sendRtcp: (packet) => void line.asked.push(packet),
        sendMessage: () => false,
        buffered: () => 0,
        close: () => void (line.closed = true),
      } satisfies MediaTransport;
    },
    offer: () => Promise.reject(new Error('not asked for')),
    close: () => {},
  };
  let nowMs = 0;
  const stages = new BroadcastStages({
    log: pino({ level: 'silent' }),
    router: (events) => createRouter({ engine: 'noted', events }),
    transports: () => transports,
    feedback: 'transport-cc',
    now: () => (nowMs += 10),
  });
  const ended: string[] = [];
  return {
    stages,
    lines,
    ended,
    publish: (sdp = sending) => stages.publish(blue, sdp, () => void ended.push('publisher')),
    view: (sdp = receiving) => stages.view(blue, sdp, () => void ended.push('viewer')),
  };
}

const receiving = sdpFixture('chromium-156-offer-receive-only');
const sending = receiving.replaceAll('a=recvonly', 'a=sendonly');
const sectionOf = (sdp: string, mid: string) =>
  sdp.split(/(?=^m=)/m).find((part) => part.includes(`a=mid:${mid}\r\n`))!;

test('a publisher is answered recvonly with all candidates, a viewer sendonly under the numbers of its own offer', async () => {
  const { publish, view } = setup();
  const up = await publish();
  expect(up.remote.usernameFragment).toBe(/a=ice-ufrag:(.*)\r/.exec(sending)![1]);
  expect(up.answer.match(/a=(recvonly|sendonly|sendrecv|inactive)/g)).toEqual(['a=recvonly', 'a=recvonly']);
  expect(up.answer).toContain(
    'a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host\r\na=end-of-candidates',
  );
  // Another browser's numbers for the same codecs.
  const down = await view(sdpFixture('firefox-153-offer-receive-only'));
  expect(down.answer.match(/a=(recvonly|sendonly|sendrecv|inactive)/g)).toEqual(['a=sendonly', 'a=sendonly']);
  expect(sectionOf(down.answer, '0')).toContain('m=audio 9 UDP/TLS/RTP/SAVPF 109\r\n');
  expect(sectionOf(down.answer, '1')).toMatch(
    /m=video 9 UDP\/TLS\/RTP\/SAVPF 120 124\r\n[^]*a=rtpmap:120 VP8\/90000/,
  );
  // RFC 8858 §4.3: not in answers.
  expect(up.answer + down.answer).not.toContain('rtcp-mux-only');
});

test('what is published goes to those who watch, from a key frame on, and to a listener without a connection', async () => {
  const { stages, lines, publish, view } = setup();
  const up = await publish();
  await view();
  const heard: Buffer[] = [];
  const listening = stages.listen(blue, {
    rtp: (packet) => heard.push(packet),
    rtcp: () => {},
    ended: () => {},
  });
  expect(listening.codecs).toMatchObject({ audio: { name: 'opus' }, video: { name: 'VP8' } });
  const [publisher, viewer] = lines;
  for (const line of lines) line.events.connected();
  const payloadType = Number(/m=video 9 \S+ (\d+)/.exec(up.answer)![1]);
  const mid = Number(/a=extmap:(\d+) urn:ietf:params:rtp-hdrext:sdes:mid/.exec(up.answer)![1]);
  // The first picture of VP8 is a key frame of 320 × 180 (RFC 6386 §9.1), the others follow it.
  const key = Buffer.from(`105001009d012a4001b400${'00'.repeat(20)}`, 'hex');
  const delta = Buffer.from(`10510100${'00'.repeat(20)}`, 'hex');
  await new Promise((resolve) => setTimeout(resolve, 120)); // a tick: what is wanted is decided
  for (let sequence = 1; sequence <= 5; sequence++) {
    const packet = writeRtp(
      { payloadType, marker: true, sequence, time: sequence * 3_000, ssrc: 77 },
      sequence === 2 ? key : delta,
    );
    const extension = Buffer.from([0xbe, 0xde, 0, 1, mid << 4, 0x31, 0, 0]);
    packet[0]! |= 0x10;
    publisher!.events.rtp(Buffer.concat([packet.subarray(0, 12), extension, packet.subarray(12)]));
  }
  const seen = (packets: Buffer[]) => packets.map((packet) => RtpPacket.read(packet)!);
  expect(seen(viewer!.sent).filter((packet) => packet.payloadType === 96)).toHaveLength(4);
  expect(seen(heard)).toHaveLength(4);
  expect(seen(heard)[0]!.payload.subarray(0, 14).toString('hex')).toContain('9d012a');
  const asked = publisher!.asked.length;
  listening.wishKeyFrame();
  await expect.poll(() => publisher!.asked.length, { timeout: 5_000 }).toBeGreaterThan(asked);
  listening.close();
  stages.close();
});

test('there is one publisher; with it the broadcast ends for all, and another one may begin', async () => {
  const { stages, lines, ended, publish, view } = setup();
  await expect(view()).rejects.toMatchObject({ status: 409, headers: { 'Retry-After': '2' } });
  const up = await publish();
  await expect(publish()).rejects.toMatchObject({ status: 409 });
  const one = await view();
  await view();
  one.close();
  expect(ended).toEqual(['viewer']);
  expect(lines.map(({ closed }) => closed)).toEqual([false, true, false]);
  lines[0]!.events.closed('gone');
  expect(ended.toSorted()).toEqual(['publisher', 'viewer', 'viewer']);
  expect(lines.every(({ closed }) => closed)).toBe(true);
  up.close();
  expect(stages.has(blue)).toBe(false);
  await publish();
  stages.close();
});

test.each([
  [400, 'nothing', ''],
  [400, 'no SDP', 'hello'],
  [400, 'no fingerprint', sending.replaceAll(/a=fingerprint.*\r\n/g, '')],
  [400, 'no ICE credentials', sending.replaceAll(/a=ice-(ufrag|pwd).*\r\n/g, '')],
  [406, 'an m-section that receives', sending.replace('a=sendonly', 'a=recvonly')],
  [406, 'an m-section that is inactive', sending.replace('a=sendonly', 'a=inactive')],
  [406, 'two pictures', sdpFixture('chromium-156-offer-bundle-max-bundle')],
  [406, 'a data channel', sdpFixture('chromium-156-offer-audio-video-data')],
  [406, 'an m-section outside of the bundle', sending.replace('a=group:BUNDLE 0 1', 'a=group:BUNDLE 0')],
  [406, 'no codec that is known', sending.replaceAll(/a=rtpmap:(\d+) opus/g, 'a=rtpmap:$1 other')],
  [422, 'the passive role', sending.replaceAll('a=setup:actpass', 'a=setup:passive')],
])('%i for an offer with %s', async (status, _, sdp) => {
  const { publish, lines } = setup();
  await expect(publish(sdp)).rejects.toMatchObject({ status });
  expect(lines).toEqual([]);
});

test('of simulcast all layers are taken, and a viewer of another codec is refused as a whole', async () => {
  const { publish, view } = setup();
  const up = await publish(sdpFixture('chromium-156-offer-simulcast'));
  expect(up.answer).toContain('a=simulcast:recv h;m;l');
  await expect(view(receiving.replaceAll(/VP8/g, 'VP0'))).rejects.toMatchObject({ status: 406 });
  await expect(view(sending)).rejects.toMatchObject({ status: 406 });
  await view();
});
