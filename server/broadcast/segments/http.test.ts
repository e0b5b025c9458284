import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { RoomId } from '../../../src/protocol/signaling.ts';
import { openClip } from '../../bot/clip.ts';
import { vp8Payloads, writeRtp } from '../../rtp/rtp.ts';
import { Problem } from '../problem.ts';
import { type BroadcastStages, type ListenerEvents, PAYLOAD_TYPES } from '../stages.ts';
import { BroadcastTokens } from '../tokens.ts';
import { createSegmentsHttp } from './http.ts';

const blue = RoomId.parse('blue');
const clip = openClip(2);
const codec = (name: string) =>
  ({ kind: 'video', name, payloadType: 1, clockRate: 90_000, parameters: '' }) as const;

/** Segments on a real port, of a broadcast that is fed by the test. */
async function serve(video = 'VP8') {
  let nowMs = 1_000_000;
  let listener: ListenerEvents | undefined;
  const wishes: number[] = [];
  const stages: Pick<BroadcastStages, 'has' | 'listen'> = {
    has: () => listener !== undefined,
    listen: (_, events) => {
      if (video === '') throw new Problem(409, 'Nobody publishes.');
      listener = events;
      return {
        codecs: { video: codec(video) },
        wishKeyFrame: () => wishes.push(1),
        close: () => (listener = undefined),
      };
    },
  };
  const tokens = new BroadcastTokens('a secret of the tests, 32 characters or more');
  const segments = createSegmentsHttp({
    stages: stages as BroadcastStages,
    tokens,
    now: () => nowMs,
    log: pino({ level: 'silent' }),
  });
  const http = createServer((request, response) => {
    if (!segments.handle(request, response)) response.writeHead(418).end();
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const view = { Authorization: `Bearer ${tokens.issue(blue, 'view', nowMs).token}` };
  let frames = 0;
  return {
    wishes,
    view,
    publish: { Authorization: `Bearer ${tokens.issue(blue, 'publish', nowMs).token}` },
    ask: (path: string, headers: Record<string, string> = view, method = 'GET') =>
      fetch(`${url}/segments/${path}`, { method, headers }),
    isListening: () => listener !== undefined,
    /** As many frames of the clip, fifteen to a second. */
    feed: (count: number) => {
      for (let index = 0; index < count; index++, frames++) {
        const payloads = vp8Payloads(clip.frames[frames % clip.frames.length]!.bytes);
        for (const [part, payload] of payloads.entries())
          listener?.rtp(
            writeRtp(
              {
                payloadType: PAYLOAD_TYPES.video,
                marker: part === payloads.length - 1,
                sequence: (frames * 8 + part) & 0xffff,
                time: frames * 6_000,
                ssrc: 2,
              },
              ...payload,
            ),
          );
        // Numbers without gaps: what is left of eight for each frame is filled with packets that hold nothing.
        for (let part = payloads.length; part < 8; part++)
          listener?.rtp(
            writeRtp(
              {
                payloadType: PAYLOAD_TYPES.video,
                marker: false,
                sequence: (frames * 8 + part) & 0xffff,
                time: frames * 6_000,
                ssrc: 2,
              },
              Buffer.alloc(0),
            ),
          );
      }
    },
    end: () => listener?.ended(),
    pass: (ms: number) => {
      nowMs += ms;
      segments.tick();
    },
    [Symbol.asyncDispose]: async () => {
      segments.close();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

const piecesIn = (playlist: string) => [...playlist.matchAll(/^[\w-]+\/\d+\.webm$/gm)].map(([uri]) => uri);

test('a playlist is answered when the first picture is there, and what it names can be fetched', async () => {
  await using server = await serve();
  const waiting = server.ask('blue/live.m3u8');
  await expect.poll(server.isListening, { timeout: 10_000 }).toBe(true);
  server.feed(80);
  const response = await waiting;
  expect([response.status, response.headers.get('Content-Type')]).toEqual([
    200,
    'application/vnd.apple.mpegurl',
  ]);
  expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
  const playlist = await (await server.ask('blue/live.m3u8')).text();
  const init = /EXT-X-MAP:URI="([^"]+)"/.exec(playlist)![1]!;
  for (const piece of [init, ...piecesIn(playlist)]) {
    const answer = await server.ask(`blue/${piece}`);
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([200, 'video/webm']);
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(100);
  }
  expect(piecesIn(playlist)).toHaveLength(2);
  const head = await server.ask(`blue/${init}`, server.view, 'HEAD');
  expect([head.status, Number(head.headers.get('Content-Length')) > 100]).toEqual([200, true]);
});

test('a part that is not there yet is waited for; one that is far away is 400', async () => {
  await using server = await serve();
  const first = server.ask('blue/live.m3u8');
  await expect.poll(server.isListening, { timeout: 10_000 }).toBe(true);
  server.feed(3);
  await first;
  let isAnswered = false;
  const next = server.ask('blue/live.m3u8?_HLS_msn=0&_HLS_part=1').finally(() => (isAnswered = true));
  server.feed(4);
  expect((await server.ask('blue/live.m3u8?_HLS_msn=9')).status).toBe(400);
  expect(isAnswered).toBe(false);
  server.feed(8); // where a part ends is a matter of rounding: with its fifth picture, or its sixth
  expect(await (await next).text()).toMatch(/URI="[\w-]+\/0\.1\.webm"/);
  for (const query of ['_HLS_msn=x', '_HLS_part=1', '_HLS_msn=-1'])
    expect((await server.ask(`blue/live.m3u8?${query}`)).status).toBe(400);
});

test('who may not watch, what is not there and what is not done have their statuses', async () => {
  await using server = await serve();
  expect((await server.ask('blue/live.m3u8', {})).status).toBe(401);
  expect((await server.ask('blue/live.m3u8', server.publish)).status).toBe(403);
  expect((await server.ask('red/live.m3u8')).status).toBe(403);
  for (const path of ['blue', 'blue/other.m3u8', 'blue/x/0.webm', 'no room/live.m3u8', 'blue/a/b/c'])
    expect([path, (await server.ask(path)).status]).toEqual([path, 404]);
  const post = await server.ask('blue/live.m3u8', server.view, 'POST');
  expect([post.status, post.headers.get('Allow')]).toEqual([405, 'OPTIONS, GET, HEAD']);
  expect((await server.ask('blue/live.m3u8', {}, 'OPTIONS')).status).toBe(200);
  await using silent = await serve('');
  expect((await silent.ask('blue/live.m3u8')).status).toBe(409);
  await using other = await serve('H264');
  expect((await other.ask('blue/live.m3u8')).status).toBe(406);
  expect(other.isListening()).toBe(false);
});

test('with the broadcast the playlist ends, and what nobody asks for is let go of', async () => {
  await using server = await serve();
  const first = server.ask('blue/live.m3u8');
  await expect.poll(server.isListening, { timeout: 10_000 }).toBe(true);
  server.feed(40);
  await first;
  server.pass(29_000);
  expect(server.isListening()).toBe(true);
  const playlist = await (await server.ask('blue/live.m3u8')).text();
  expect(playlist).not.toContain('ENDLIST');
  server.end();
  server.pass(1_000);
  expect(piecesIn(playlist)).toHaveLength(1);
  expect((await server.ask(`blue/${piecesIn(playlist)[0]!}`)).status).toBe(200);
  server.pass(30_001);
  expect((await server.ask(`blue/${piecesIn(playlist)[0]!}`)).status).toBe(404);
  expect(server.isListening()).toBe(false);
});
