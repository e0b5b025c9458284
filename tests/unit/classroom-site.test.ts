import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { connectIo } from '../../src/lab-kit/classroom/io-call.ts';
import { startServer } from '../../src/lab-kit/classroom/server.ts';
import { Bench } from '../../src/rtc/bench.ts';
import { serve, type TestServer } from '../support/serve.ts';

afterEach(() => vi.unstubAllGlobals());

const SOLUTION = readFileSync('src/exercises/server-repair/solution.ts', 'utf8');

function openBench(server: TestServer) {
  vi.stubGlobal('location', new URL(server.url));
  return new Bench({
    lab: 'test',
    arrangement: 'loopback',
    controls: {},
    seats: [{ self: 'alice', other: 'bob', offers: true }],
    openMedia: () => Promise.reject(new Error('no media')),
    signal: new AbortController().signal,
  });
}

async function startOn(server: TestServer, source: string) {
  const bench = openBench(server);
  const { timeline, signal } = bench;
  const said: string[] = [];
  const site = await bench.wire();
  const started = startServer({ source, timeline, signal, site, onOutput: ({ text }) => said.push(text) });
  return { bench, said, site, started };
}

const places = async (server: TestServer) =>
  ((await (await fetch(`${server.url}healthz`)).json()) as { parts: { classroom: { active: number } } }).parts
    .classroom.active;

test('a page’s clients meet over a server that runs on the site, and it ends with the page’s line', async () => {
  await using server = await serve();
  const { bench, started } = await startOn(server, SOLUTION);
  const learners = await started;
  expect(await places(server)).toBe(1);
  const alice = await connectIo(learners, 'alice');
  const bob = await connectIo(learners, 'bob');
  for (const { socket, name } of [alice, bob])
    socket.emit('join_room', { personName: name, roomName: 'blue' });
  bob.socket.emit('message', { content: 'hello', personName: 'alice' });
  bob.socket.emit('offer', { toPeer: alice.socket.id, sdp: 'v=0\r\n'.repeat(1_000) });
  await learners.settled();
  expect(alice.of('user_joined')).toMatchObject([{ personName: 'bob', socketId: bob.socket.id }]);
  expect(alice.of('message')).toMatchObject([{ content: 'hello', personName: 'bob' }]);
  expect(alice.of('offer')).toMatchObject([{ fromPeer: bob.socket.id, sdp: expect.stringContaining('v=0') }]);
  bob.socket.drop();
  await learners.settled();
  expect(alice.of('user_left')).toMatchObject([{ personName: 'bob' }]);
  bench.close();
  await vi.waitFor(async () => expect(await places(server)).toBe(0));
}, 20_000);

test('what it throws, and what is not allowed, is a sentence in the page', async () => {
  await using server = await serve();
  const thrown = await startOn(server, `${SOLUTION}\nconsole.log('so far');\nthrow new TypeError('mine');`);
  await expect(thrown.started).rejects.toThrow('TypeError: mine');
  expect(thrown.said).toEqual(['so far']);
  const late = await startOn(server, `${SOLUTION}\nvoid import('socket.io');`);
  await expect(late.started).rejects.toThrow(/in front of a package’s name/);
  const long = await startOn(server, `${SOLUTION}\n// ${'x'.repeat(95_000)}`);
  await expect(long.started).rejects.toThrow('too long');
  await using off = await serve({ classroom: false });
  const refused = await startOn(off, SOLUTION);
  await expect(refused.started).rejects.toThrow(/^This server runs no learner’s code .* CLASSROOM=on/);
  // By itself it is on for this machine only.
  await using open = await serve({ allowedOrigins: ['https://lab.example.org'] });
  await expect((await startOn(open, SOLUTION)).started).rejects.toThrow('CLASSROOM=on');
  for (const { bench } of [thrown, late, long, refused]) bench.close();
}, 30_000);

test('a second one of the same page takes the place of the first, and a message that is too long ends it', async () => {
  await using server = await serve();
  const { bench, started, site } = await startOn(server, SOLUTION);
  const first = await started;
  const { timeline, signal } = bench;
  const second = await startServer({ source: SOLUTION, timeline, signal, site });
  expect(first.stopped.aborted).toBe(true);
  expect(await places(server)).toBe(1);
  const alice = await connectIo(second, 'alice');
  alice.socket.emit('offer', { sdp: 'x'.repeat(95_000) });
  await vi.waitFor(() => expect(second.stopped.aborted).toBe(true));
  expect(String(second.stopped.reason)).toContain('longer than the server of this site takes');
  await vi.waitFor(async () => expect(await places(server)).toBe(0));
  expect((await site.ask('classroom:end', {})) as unknown).toBeNull();
  bench.close();
}, 20_000);
