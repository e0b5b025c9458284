import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { sdpFixture } from '../../tests/fixtures/sdp.ts';
import { serve, until, type TestPeer, type TestServer } from '../../tests/support/serve.ts';

// A thread loads its protocol stack for each test: seconds on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const offer = sdpFixture('chromium-156-offer-audio-video-data');
const rules = { limit: 2, idleMs: 60_000, stayMs: 60_000 };

const invite = (peer: TestPeer) => peer.ask('bot:invite', {});
async function botsOf(server: TestServer): Promise<unknown> {
  const health = (await (await fetch(`${server.url}healthz`)).json()) as { parts: { bots: unknown } };
  return health.parts.bots;
}
async function botOf(peer: TestPeer): Promise<string> {
  const reply = await invite(peer);
  if (!reply.ok) throw new Error(reply.error.code);
  return reply.value.bot.peer;
}
const send = (peer: TestPeer, to: string, sdp: string) =>
  peer.askAnything('signal:send', { to, signal: { description: { type: 'offer', sdp } } });

test('an invited bot sits in the room as a bot, answers an offer, and leaves with the last person', async () => {
  await using server = await serve({ bots: rules });
  const [alice, bob] = [await server.connect(), await server.connect()];
  await alice.join();
  await bob.join();
  const bot = await botOf(alice);
  const { member } = await bob.hears('peer:joined', (event) => event.member.bot);
  expect(member).toMatchObject({ peer: bot, name: 'Bot', away: false });
  expect(await botsOf(server)).toEqual({ state: 'up', active: 1, limit: 2 });

  expect(await send(alice, bot, offer)).toEqual({ ok: true, value: null });
  const { from, signal } = await alice.hears('signal:received');
  expect(from).toBe(bot);
  expect(signal).toMatchObject({ description: { type: 'answer' } });

  await alice.ask('room:leave', {});
  expect(await botsOf(server)).toMatchObject({ active: 1 });
  await bob.ask('room:leave', {});
  expect(await botsOf(server)).toMatchObject({ active: 0 });
  expect(await (await fetch(`${server.url}healthz`)).json()).toMatchObject({ rooms: 0, peers: 0 });
});

test('a bot waits for a person whose connection is lost, and goes when the grace period is over', async () => {
  await using server = await serve({ bots: rules, graceMs: 300 });
  const alice = await server.connect();
  await alice.join();
  await botOf(alice);
  alice.socket.disconnect();
  await until(() => server.log.some((line) => line.includes('"disconnected"')));
  expect(await botsOf(server)).toMatchObject({ active: 1 });
  await until(() => server.log.some((line) => line.includes('a bot ended')));
  expect(await botsOf(server)).toMatchObject({ active: 0 });
});

test('one bot a room, as many as configured a server, none for somebody without a seat', async () => {
  await using server = await serve({ bots: rules });
  const peers = [
    await server.connect(),
    await server.connect(),
    await server.connect(),
    await server.connect(),
  ];
  const [alice, bob, carol, dave] = peers as [TestPeer, TestPeer, TestPeer, TestPeer];
  expect(await invite(alice)).toMatchObject({ ok: false, error: { code: 'not-in-room' } });
  await alice.join({ room: 'one' });
  await bob.join({ room: 'two' });
  await carol.join({ room: 'three' });
  await dave.join({ room: 'one' });
  const [first, second] = await Promise.all([invite(alice), invite(dave)]);
  expect([first, second].filter(({ ok }) => ok)).toHaveLength(1);
  expect([first, second].find(({ ok }) => !ok)).toMatchObject({ error: { code: 'bot-present' } });
  expect(await invite(alice)).toMatchObject({ ok: false, error: { code: 'bot-present' } });
  await botOf(bob);
  expect(await invite(carol)).toMatchObject({ ok: false, error: { code: 'bots-busy' } });
  await bob.ask('room:leave', {});
  await botOf(carol);
});

test('eight bots fill a meeting: numbered, with a camera that is on, and each answers with streams of its own', async () => {
  await using server = await serve({ bots: { ...rules, limit: 9 } });
  const alice = await server.connect();
  await alice.join({ kind: 'meeting' });
  const peers = await Promise.all(Array.from({ length: 8 }, () => botOf(alice)));
  expect(await invite(alice)).toMatchObject({ ok: false, error: { code: 'too-many-bots' } });
  const room = await alice.ask('room:sync', {});
  const bots = room.ok ? room.value.members.filter(({ bot }) => bot) : [];
  expect(bots.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((number) => `Bot ${number}`));
  expect(bots.every(({ media }) => media.camera && !media.muted)).toBe(true);

  const answers = new Map<string, string>();
  for (const peer of [peers[0]!, peers[7]!]) {
    await send(alice, peer, offer);
    const { signal } = await alice.hears('signal:received', ({ from }) => from === peer);
    if ('description' in signal) answers.set(peer, signal.description.sdp);
  }
  const ssrcs = [...answers.values()].map((sdp) => /a=ssrc:(\d+)/.exec(sdp)?.[1]);
  expect(new Set(ssrcs).size).toBe(2);

  await alice.ask('bot:dismiss', { peer: peers[0]! as never });
  expect(await botsOf(server)).toMatchObject({ active: 7 });
  await botOf(alice);
  await alice.ask('room:leave', {});
  expect(await botsOf(server)).toMatchObject({ active: 0 });
});

test('BOTS=0 has none and says so', async () => {
  await using server = await serve({ bots: { ...rules, limit: 0 } });
  const alice = await server.connect();
  await alice.join();
  expect(await invite(alice)).toMatchObject({ ok: false, error: { code: 'bot-unavailable' } });
  expect(await botsOf(server)).toEqual({ state: 'off', active: 0, limit: 0 });
});

test('invitations in a row are refused for haste', async () => {
  await using server = await serve({ bots: rules });
  const alice = await server.connect();
  await alice.join();
  const replies = await Promise.all(Array.from({ length: 40 }, () => invite(alice)));
  expect(replies.filter(({ ok }) => ok)).toHaveLength(1);
  const codes = replies.map((reply) => (reply.ok ? 'ok' : reply.error.code));
  expect(codes.filter((code) => code === 'rate-limited').length).toBeGreaterThan(1);
});

test('a bot without a call leaves after a while, and the room is told', async () => {
  await using server = await serve({ bots: { ...rules, idleMs: 200 } });
  const alice = await server.connect();
  await alice.join();
  const bot = await botOf(alice);
  expect((await alice.hears('peer:left')).peer).toBe(bot);
  await botOf(alice);
});

test.each([
  ['nothing', ''],
  ['no SDP', 'hello'],
  ['half an offer', offer.slice(0, 700)],
  ['no fingerprint', offer.replace(/a=fingerprint.*\r\n/g, '')],
  ['no ICE credentials', offer.replace(/a=ice-(ufrag|pwd).*\r\n/g, '')],
  ['a NUL', offer.replace('a=rtcp-mux', 'a=\0')],
  ['64 kB of one line', `v=0\r\n${'x'.repeat(60_000)}`],
])('an offer that holds %s is answered in the chat, and the bot goes on', async (_, sdp) => {
  await using server = await serve({ bots: rules });
  const alice = await server.connect();
  await alice.join();
  const bot = await botOf(alice);
  await send(alice, bot, sdp);
  const { message } = await alice.hears('chat:received');
  expect(message.from).toBe(bot);
  expect(message.text).toContain('I cannot answer this offer');
  await alice.askAnything('signal:send', {
    to: bot,
    signal: { candidate: { candidate: 'candidate:1 1 udp 1 evil.local 9 typ host' } },
  });
  await send(alice, bot, offer);
  expect((await alice.hears('signal:received')).signal).toMatchObject({ description: { type: 'answer' } });
});

test('the bot sends nothing to the addresses of an offer: it waits to be checked', async () => {
  await using server = await serve({ bots: rules });
  const trap = createSocket('udp4');
  trap.bind(0, '127.0.0.1');
  await once(trap, 'listening');
  const packets: Buffer[] = [];
  trap.on('message', (bytes) => packets.push(bytes));
  const alice = await server.connect();
  await alice.join();
  const bot = await botOf(alice);
  const { port } = trap.address();
  const candidate = `candidate:1 1 udp 2122260223 127.0.0.1 ${port} typ host`;
  await send(alice, bot, offer.replaceAll('a=mid:', `a=${candidate}\r\na=mid:`));
  await alice.hears('signal:received');
  await alice.askAnything('signal:send', { to: bot, signal: { candidate: { candidate, sdpMid: '0' } } });
  // A packet of ours that comes back shows that anything sent before would have come, too.
  trap.send('after', port, '127.0.0.1');
  await until(() => packets.length > 0);
  expect(packets.map(String)).toEqual(['after']);
  trap.close();
});
