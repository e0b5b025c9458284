import { BufferSource, EncodedPacketSink, Input, WEBM } from 'mediabunny';
import { expect, test } from 'vitest';
import { openClip } from '../../bot/clip.ts';
import { RtpPacket, vp8Payloads, writeRtp } from '../../rtp/rtp.ts';
import { writePlaylist } from './playlist.ts';
import { Segmenter, WINDOW } from './segmenter.ts';
import { OpusFrames, Vp8Frames } from './streams.ts';

const clip = openClip(1);
const read = (bytes: Buffer): RtpPacket => RtpPacket.read(bytes)!;

/** So many seconds of a bot's clip as packets, with the times at which they come. */
function packetsOf(
  seconds: number,
): { readonly packet: RtpPacket; readonly atMs: number; readonly kind: 'audio' | 'video' }[] {
  const packets: ReturnType<typeof packetsOf> = [];
  let sequence = 65_500;
  for (let index = 0; index < seconds * clip.framesPerSec; index++) {
    const payloads = vp8Payloads(clip.frames[index % clip.frames.length]!.bytes);
    const time = (4_294_900_000 + (index * 90_000) / clip.framesPerSec) % 2 ** 32;
    for (const [part, payload] of payloads.entries()) {
      const header = {
        payloadType: 96,
        marker: part === payloads.length - 1,
        sequence: sequence++ & 0xffff,
        time,
        ssrc: 1,
      };
      packets.push({
        packet: read(writeRtp(header, ...payload)),
        atMs: (index * 1_000) / clip.framesPerSec,
        kind: 'video',
      });
    }
  }
  for (let index = 0; index < seconds * 50; index++) {
    const header = { payloadType: 111, marker: false, sequence: index, time: index * 960, ssrc: 2 };
    packets.push({
      packet: read(writeRtp(header, clip.packets[index % clip.packets.length]!)),
      atMs: index * 20,
      kind: 'audio',
    });
  }
  return packets.toSorted((a, b) => a.atMs - b.atMs);
}

function cut(seconds: number, options: Partial<ConstructorParameters<typeof Segmenter>[0]> = {}) {
  let wishes = 0;
  const segmenter = new Segmenter({
    hasVideo: true,
    audioChannels: 1,
    wishKeyFrame: () => (wishes += 1),
    originMs: 1_000_000_000_000,
    ...options,
  });
  const [video, audio] = [new Vp8Frames(), new OpusFrames()];
  for (const { packet, atMs, kind } of packetsOf(seconds)) {
    if (kind === 'video') for (const frame of video.take(packet, atMs)) segmenter.video(frame);
    else for (const frame of audio.take(packet, atMs)) segmenter.audio(frame);
  }
  return { segmenter, wishes };
}

test('segments of two seconds and their parts are WebM that another library reads, frame by frame', async () => {
  const { segmenter } = cut(9);
  const { segments, header } = segmenter;
  expect(segments.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3]);
  for (const { durationSec, parts } of segments) {
    expect(durationSec).toBeCloseTo(2, 1);
    expect(parts.length).toBeGreaterThanOrEqual(5);
    expect(parts[0]!.isIndependent).toBe(true);
    for (const part of parts) expect(part.durationSec).toBeLessThanOrEqual(0.4);
  }
  const file = Buffer.concat([header!, ...segments.flatMap(({ parts }) => parts.map(({ bytes }) => bytes))]);
  const input = new Input({ formats: [WEBM], source: new BufferSource(file) });
  const [video, audio] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
  expect([video?.codec, audio?.codec]).toEqual(['vp8', 'opus']);
  expect([video?.displayWidth, video?.displayHeight]).toEqual([320, 180]);
  const packets = [];
  for await (const packet of new EncodedPacketSink(video!).packets()) packets.push(packet);
  expect(packets).toHaveLength(8 * clip.framesPerSec);
  for (const [index, { data, type, timestamp }] of packets.entries()) {
    const { bytes, isKey } = clip.frames[index]!;
    expect([
      Buffer.from(data).equals(bytes),
      type,
      Math.abs(timestamp - index / clip.framesPerSec) < 0.002,
    ]).toEqual([true, isKey ? 'key' : 'delta', true]);
  }
  let sounds = 0;
  for await (const { data } of new EncodedPacketSink(audio!).packets())
    expect(Buffer.from(data).equals(clip.packets[sounds++ % clip.packets.length]!)).toBe(true);
  expect(sounds).toBeGreaterThan(390);
});

test('the playlist names the last segments, the parts of the latest ones, and that of what is being made', () => {
  const { segmenter } = cut(2 * WINDOW + 7);
  const text = writePlaylist(segmenter, 'abc', false);
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found);
  expect(text.split('\n').slice(0, 7)).toEqual([
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    '#EXT-X-TARGETDURATION:2',
    '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.200',
    '#EXT-X-PART-INF:PART-TARGET=0.400',
    '#EXT-X-MEDIA-SEQUENCE:3',
    '#EXT-X-MAP:URI="abc/init.webm"',
  ]);
  expect(all(/^abc\/(\d+)\.webm$/gm)).toEqual(['3', '4', '5', '6', '7', '8', '9', '10']);
  // No length rounds to more than the target (RFC 8216 §4.3.3.1).
  expect(all(/^#EXTINF:([\d.]+),$/gm).every((length) => Math.round(Number(length)) <= 2)).toBe(true);
  expect([...new Set(all(/URI="abc\/(\d+)\.\d+\.webm"/g))]).toEqual(['8', '9', '10', '11']);
  expect(all(/URI="abc\/11\.(\d+)\.webm"/g)).toEqual(segmenter.parts.map((_, index) => String(index)));
  expect(text).not.toContain('#EXT-X-ENDLIST');
  expect(writePlaylist(segmenter, 'abc', true)).toMatch(/\n#EXT-X-ENDLIST\n$/);
});

test('without a key frame in time one is asked for, and the segment ends all the same', () => {
  // A stream whose only key frame is its first one.
  let wishes = 0;
  const segmenter = new Segmenter({
    hasVideo: true,
    audioChannels: undefined,
    wishKeyFrame: () => (wishes += 1),
    originMs: 0,
  });
  const [key, delta] = [clip.frames[0]!.bytes, clip.frames[1]!.bytes];
  for (let index = 0; index < 75; index++)
    segmenter.video({ timeMs: index * 100, isKey: index === 0, bytes: index === 0 ? key : delta });
  expect(segmenter.segments.map(({ durationSec }) => durationSec)).toEqual([2.4, 2.4, 2.4]);
  expect(wishes).toBe(3);
  expect(segmenter.segments[1]!.parts.some(({ isIndependent }) => isIndependent)).toBe(false);
});

test('sound alone is cut by its own time', () => {
  const { segmenter } = cut(5, { hasVideo: false });
  expect(segmenter.segments.length).toBeGreaterThanOrEqual(1);
});

test('packets that come late are put in order; after a loss nothing is shown until a key frame', () => {
  const all = packetsOf(3).filter(({ kind }) => kind === 'video');
  const frames = new Vp8Frames();
  // Two neighbours change places, and one packet in the second second never comes.
  [all[10], all[11]] = [all[11]!, all[10]!];
  const lost = all.findIndex(({ atMs }) => atMs > 1_300);
  const seen: number[] = [];
  for (const [index, { packet, atMs }] of all.entries())
    if (index !== lost) for (const frame of frames.take(packet, atMs)) seen.push(Math.round(frame.timeMs));
  const missing = seen.findIndex((timeMs, index) => index > 0 && timeMs - seen[index - 1]! > 100);
  expect(seen.slice(0, missing)).toEqual(seen.slice(0, missing).toSorted((a, b) => a - b));
  expect(seen[missing - 1]).toBeLessThan(1_400);
  // The clip has a key frame each second.
  expect(seen[missing]).toBeGreaterThanOrEqual(1_990);
  expect(frames.needsKey).toBe(false);
});
