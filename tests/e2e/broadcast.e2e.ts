import { buildSync } from 'esbuild';
import type { broadcastPaths } from '../../src/protocol/broadcast.ts';
import type { playSegments } from '../../src/rtc/broadcast/segment-player.ts';
import type { play } from '../../src/rtc/broadcast/whep.ts';
import type { publish } from '../../src/rtc/broadcast/whip.ts';
import type { ageMs, clockNow, drawFrameCode, readFrameCode } from '../../src/rtc/media/frame-code.ts';
import type { RoomClient } from '../../src/rtc/signaling/room-client.ts';
import { expect, test } from '../support/lab.ts';

/** The clients of a broadcast, without a page around them. */
const [script] = buildSync({
  stdin: {
    contents: `
      export { RoomClient } from './src/rtc/signaling/room-client.ts';
      export { broadcastPaths } from './src/protocol/broadcast.ts';
      export { publish } from './src/rtc/broadcast/whip.ts';
      export { play } from './src/rtc/broadcast/whep.ts';
      export { playSegments } from './src/rtc/broadcast/segment-player.ts';
      export { ageMs, clockNow, drawFrameCode, readFrameCode } from './src/rtc/media/frame-code.ts';`,
    resolveDir: process.cwd(),
    loader: 'ts',
  },
  bundle: true,
  write: false,
  format: 'iife',
  globalName: 'parts',
  define: { 'import.meta.url': 'location.href' },
}).outputFiles;

declare const window: {
  parts: {
    readonly RoomClient: typeof RoomClient;
    readonly broadcastPaths: typeof broadcastPaths;
    readonly publish: typeof publish;
    readonly play: typeof play;
    readonly playSegments: typeof playSegments;
    readonly ageMs: typeof ageMs;
    readonly clockNow: typeof clockNow;
    readonly drawFrameCode: typeof drawFrameCode;
    readonly readFrameCode: typeof readFrameCode;
  };
};

// A browser notes every answer of 4xx: the ones that are asked for here.
test.use({ mayComplain: [/status of 40[49] /] });

test('one broadcast by WHIP, by WHEP, in parts and in segments: the same counter, and how late it is', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await page.goto('/healthz');
  await page.evaluate(`${script?.text ?? ''}; window.parts = parts;`);
  const seen = await page.evaluate(async () => {
    const { parts } = window;
    const end = new AbortController();
    const { signal } = end;
    const until = async <T>(what: string, look: () => T | undefined | false): Promise<T> => {
      for (const endMs = performance.now() + 40_000; performance.now() < endMs;) {
        const found = look();
        if (found !== undefined && found !== false) return found;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`not within 40 s: ${what}`);
    };

    const room = 'broadcast-e2e';
    const client = new parts.RoomClient();
    await client.connect(location.origin, {
      room: room as never,
      page: 'page-1' as never,
      name: 'Alice',
      signal,
    });
    const paths = parts.broadcastPaths(room);
    const publishing = (await client.broadcastToken('publish')).token;
    const viewing = (await client.broadcastToken('view')).token;

    const early = await parts
      .play(new RTCPeerConnection(), { endpoint: paths.whep, token: viewing, signal })
      .catch((error: { status: number }) => error.status);

    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
    const context = canvas.getContext('2d', { alpha: false })!;
    let frame = 0;
    setInterval(() => {
      context.fillStyle = `hsl(${frame * 3} 70% 50%)`;
      context.fillRect(0, 0, 320, 150);
      parts.drawFrameCode(context, { frame: (frame += 1), clockMs: parts.clockNow(), peer: 'alice' });
    }, 1000 / 15);
    const audio = new AudioContext();
    const destination = audio.createMediaStreamDestination();
    const tone = new OscillatorNode(audio, { frequency: 440 });
    tone.connect(destination);
    tone.start();
    const media = new MediaStream([
      ...canvas.captureStream().getVideoTracks(),
      ...destination.stream.getAudioTracks(),
    ]);

    const up = new RTCPeerConnection();
    const published = await parts.publish(up, media, { endpoint: paths.whip, token: publishing, signal });
    const second = await parts
      .publish(new RTCPeerConnection(), media, { endpoint: paths.whip, token: publishing, signal })
      .catch((error: { status: number }) => error.status);
    await until('the connection up', () => up.connectionState === 'connected');

    const down = new RTCPeerConnection();
    const playing = await parts.play(down, { endpoint: paths.whep, token: viewing, signal });
    const videoOf = () => {
      const video = Object.assign(document.createElement('video'), { muted: true, autoplay: true });
      document.body.append(video);
      return video;
    };
    const direct = videoOf();
    direct.srcObject = playing.stream;
    const inParts = videoOf();
    const inSegments = videoOf();
    const [byParts, bySegments] = await Promise.all([
      parts.playSegments(inParts, { playlist: paths.playlist, token: viewing, by: 'parts', signal }),
      parts.playSegments(inSegments, { playlist: paths.playlist, token: viewing, by: 'segments', signal }),
    ]);

    /** The middle of the ages of thirty different frames, in milliseconds. */
    const ageOf = async (what: string, video: HTMLVideoElement) => {
      void video.play().catch(() => {});
      const ages = new Map<number, number>();
      await until(`frames of ${what}`, () => {
        const code = parts.readFrameCode(video);
        if (code?.peer === 'alice' && !ages.has(code.frame)) ages.set(code.frame, parts.ageMs(code));
        return ages.size >= 30;
      });
      return [...ages.values()].toSorted((a, b) => a - b)[15]!;
    };
    const [whep, lowLatency, segments] = await Promise.all([
      ageOf('WHEP', direct),
      ageOf('parts', inParts),
      ageOf('segments', inSegments),
    ]);
    const sound = await until('sound by WHEP', () => down.connectionState === 'connected').then(async () => {
      for (const report of (await down.getStats()).values() as Iterable<Record<string, unknown>>)
        if (report['type'] === 'inbound-rtp' && report['kind'] === 'audio')
          return Number(report['packetsReceived']);
      return 0;
    });

    await published.close();
    await bySegments.ended;
    await byParts.ended;
    // With the publisher the broadcast is over for all: their sessions are gone.
    const after = await fetch(playing.url).then(({ status }) => status);
    end.abort();
    client.close();
    return {
      early,
      second,
      whep,
      lowLatency,
      segments,
      sound,
      after,
      pieces: [byParts.pieces, bySegments.pieces],
    };
  });
  test.info().annotations.push({
    type: 'latency',
    description: `WHEP ${Math.round(seen.whep)} ms, parts ${Math.round(seen.lowLatency)} ms, segments ${Math.round(seen.segments)} ms`,
  });
  expect([seen.early, seen.second]).toEqual([409, 409]);
  expect(seen.sound).toBeGreaterThan(0);
  expect(seen.after).toBe(404);
  // A player of parts stays 1.2 s behind, a player of segments three of them.
  expect(seen.lowLatency).toBeGreaterThan(1_000);
  expect(seen.segments).toBeGreaterThan(4_000);
  expect(seen.whep).toBeLessThan(seen.lowLatency);
});
