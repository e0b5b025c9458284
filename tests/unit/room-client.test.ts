import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Member, PageId, RoomId, type Signal } from '../../src/protocol/signaling.ts';
import { RoomClient, type RoomEvents, type RoomOptions } from '../../src/rtc/signaling/room-client.ts';
import { type Line, openLine } from '../support/line.ts';
import { serve, type TestServer, until } from '../support/serve.ts';

type Heard = { [E in keyof RoomEvents]: RoomEvents[E][] };

interface Watched extends Disposable {
  readonly client: RoomClient;
  readonly self: Member;
  readonly heard: Heard;
}

let pages = 0;
const newPage = () => PageId.parse(`page-${++pages}`);
const candidate = (text: string): Signal => ({ candidate: { candidate: text } });
const candidates = ({ heard }: Watched) =>
  heard.signal.map(({ signal }) => ('candidate' in signal ? signal.candidate?.candidate : 'description'));
/** What a listener was told apart from states and the list of members. */
const told = ({ heard: { joined, left, away, back, reset, fault } }: Watched) => ({
  joined,
  left,
  away,
  back,
  reset,
  fault,
});
const nothing = { joined: [], left: [], away: [], back: [], reset: [], fault: [] };

/** A client in the room `blue` that remembers what it heard. */
async function enter(
  at: { url: string },
  name: string,
  options: Partial<RoomOptions> = {},
): Promise<Watched> {
  const client = new RoomClient();
  const heard: Heard = {
    state: [],
    members: [],
    joined: [],
    left: [],
    away: [],
    back: [],
    reset: [],
    signal: [],
    chat: [],
    media: [],
    changed: [],
    reacted: [],
    'muted-by-host': [],
    lobby: [],
    routing: [],
    'mix-recording': [],
    fault: [],
  };
  for (const event of Object.keys(heard) as (keyof RoomEvents)[])
    client.on(event, (payload) => void heard[event].push(payload as never));
  const end = new AbortController();
  const self = await client.connect(at.url, {
    room: RoomId.parse('blue'),
    page: newPage(),
    name,
    signal: end.signal,
    ...options,
  });
  return { client, self, heard, [Symbol.dispose]: () => end.abort() };
}

/** Alice on a line that can be cut, bob straight; each knows the other. */
async function pair(server: TestServer): Promise<{ alice: Watched; bob: Watched; line: Line }> {
  const line = await openLine(server.port);
  const alice = await enter(line, 'alice');
  const bob = await enter(server, 'bob');
  await until(() => alice.client.members.size === 1);
  alice.heard.joined.length = 0;
  return { alice, bob, line };
}

const inState = ({ client }: Watched, state: string) =>
  until(() => client.state.state === state, `the state ${state}`, 9_000);

test('the newcomer sees who is there; the others hear of it', async () => {
  await using server = await serve();
  using alice = await enter(server, 'alice');
  using bob = await enter(server, 'bob');
  expect([...bob.client.members.values()]).toEqual([alice.self]);
  expect(told(bob)).toEqual(nothing);
  await until(() => alice.heard.joined.length === 1);
  expect(alice.heard.joined).toEqual([bob.self]);
  expect(alice.heard.state.map(({ state }) => state)).toEqual(['connecting', 'joined']);
});

test('signals are handled one at a time for each sender, in order', async () => {
  await using server = await serve();
  const [{ client: a }, bob, carol] = [
    await enter(server, 'alice'),
    await enter(server, 'bob'),
    await enter(server, 'carol'),
  ];
  let busyWithBob = 0;
  let most = 0;
  const order: string[] = [];
  a.on('signal', async ({ from, signal }) => {
    if (from === carol.self.peer) return void order.push('carol');
    most = Math.max(most, ++busyWithBob);
    await sleep(20);
    busyWithBob--;
    order.push('candidate' in signal ? String(signal.candidate?.candidate) : '');
  });
  await Promise.all(['1', '2', '3'].map((text) => bob.client.send(a.self!.peer, candidate(text))));
  await carol.client.send(a.self!.peer, candidate('x'));
  await until(() => order.length === 4);
  expect(most).toBe(1);
  expect(order.filter((text) => text !== 'carol')).toEqual(['1', '2', '3']);
  // Another sender does not wait for bob's queue.
  expect(order.indexOf('carol')).toBeLessThan(3);
  for (const one of [bob, carol]) one[Symbol.dispose]();
  a.close();
});

test('a handler that fails is reported and the next signal is handled', async () => {
  await using server = await serve();
  using alice = await enter(server, 'alice');
  using bob = await enter(server, 'bob');
  let first = true;
  alice.client.on('signal', () => {
    if (first) throw ((first = false), new Error('of the handler'));
  });
  for (const text of ['1', '2']) await bob.client.send(alice.self.peer, candidate(text));
  await until(() => alice.heard.signal.length === 2);
  expect(alice.heard.fault).toMatchObject([{ code: 'handler-failed', cause: { message: 'of the handler' } }]);
});

test('a cut connection returns to its seat, and what was sent meanwhile arrives once, in order', async () => {
  await using server = await serve();
  const { alice, bob, line } = await pair(server);
  using _ = line;
  const sent: Promise<void>[] = [];
  for (let index = 0; index < 10; index++)
    sent.push(alice.client.send(bob.self.peer, candidate(`a${index}`)));
  line.cut();
  await inState(alice, 'reconnecting');
  for (let index = 10; index < 20; index++)
    sent.push(alice.client.send(bob.self.peer, candidate(`a${index}`)));
  await until(() => bob.heard.away.length === 1);
  const back = bob.client.send(alice.self.peer, candidate('b'));
  await Promise.all([...sent, back]);
  await until(() => candidates(alice).length === 1);
  expect(candidates(bob)).toEqual(Array.from({ length: 20 }, (__, index) => `a${index}`));
  expect(alice.client.self?.peer).toBe(alice.self.peer);
  expect(told(alice)).toEqual(nothing);
  expect(bob.heard.back).toMatchObject([{ reloaded: false, member: { peer: alice.self.peer } }]);
  alice.client.close();
  bob.client.close();
});

test('what went to a connection that was already dead arrives after the return', async () => {
  await using server = await serve({ pingMs: 300 });
  const { alice, bob, line } = await pair(server);
  using _ = line;
  line.hold();
  await bob.client.send(alice.self.peer, candidate('into the void'));
  await inState(alice, 'reconnecting');
  await until(() => candidates(alice).length === 1, 'the signal', 9_000);
  expect(candidates(alice)).toEqual(['into the void']);
  alice.client.close();
  bob.client.close();
}, 12_000);

test('a restart of the server is no news: same ids, no ghosts, nobody announced', async () => {
  await using server = await serve();
  using alice = await enter(server, 'alice');
  using bob = await enter(server, 'bob');
  await until(() => alice.client.members.size === 1);
  alice.heard.joined.length = 0;
  alice.client.setMedia({ muted: true, camera: true, screen: false, recording: false });
  await until(() => bob.client.members.get(alice.self.peer)?.media.camera === true);
  await bob.client.say('before');
  const late = server.restart();
  await inState(alice, 'reconnecting');
  const sent = alice.client.send(bob.self.peer, candidate('across the restart'));
  await late;
  await Promise.all([inState(alice, 'joined'), inState(bob, 'joined'), sent]);
  await until(() => candidates(bob).length === 1);
  await until(() =>
    [...alice.client.members.values(), ...bob.client.members.values()].every(({ away }) => !away),
  );
  for (const one of [alice, bob]) {
    expect(told(one)).toEqual(nothing);
    expect(one.client.self?.peer).toBe(one.self.peer);
    expect(one.client.members.size).toBe(1);
    expect(one.client.chat.map(({ text }) => text)).toEqual(['before']);
  }
  await until(() => bob.client.members.get(alice.self.peer)?.media.camera === true, 'the media state again');
}, 20_000);

test('who does not come back after a restart has left when the window is over', async () => {
  await using server = await serve({ restoringMs: 5_000 });
  using alice = await enter(server, 'alice');
  const bob = await enter(server, 'bob');
  await until(() => alice.client.members.size === 1);
  const restarted = server.restart();
  await inState(bob, 'reconnecting');
  bob.client.close();
  await restarted;
  await inState(alice, 'joined');
  expect([...alice.client.members.values()]).toMatchObject([{ peer: bob.self.peer, away: true }]);
  expect(alice.heard.left).toEqual([]);
  await until(() => alice.heard.left.length === 1, 'left', 9_000);
  expect(alice.heard.left).toMatchObject([{ member: { peer: bob.self.peer }, why: 'timeout' }]);
  expect(alice.client.members.size).toBe(0);
}, 20_000);

test('who comes back too late is a new participant and is told so', async () => {
  await using server = await serve({ graceMs: 60 });
  const { alice, bob, line } = await pair(server);
  using _ = line;
  line.cut();
  await inState(alice, 'reconnecting');
  const lost = alice.client.send(bob.self.peer, candidate('too late')).catch((error: unknown) => error);
  await until(() => alice.heard.reset.length === 1, 'reset', 5_000);
  expect(alice.heard.reset[0]?.before.peer).toBe(alice.self.peer);
  expect(alice.client.self?.peer).not.toBe(alice.self.peer);
  expect(await lost).toMatchObject({ code: 'reset' });
  expect([...alice.client.members.keys()]).toEqual([bob.self.peer]);
  expect(bob.heard.left).toMatchObject([{ why: 'timeout' }]);
  alice.client.close();
  bob.client.close();
});

/** As `sessionStorage`, outside a browser. */
function storage() {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
    items,
  };
}

test('a reload keeps the participant; the others learn that the page is new', async () => {
  await using server = await serve();
  using alice = await enter(server, 'alice');
  const kept = storage();
  const bob = await enter(server, 'bob', { storage: kept });
  await until(() => alice.client.members.size === 1);
  // Pulled away from under the page, as a reload does: without room:leave.
  const copy = { ...storage(), getItem: () => [...kept.items.values()][0] ?? null };
  using reloaded = await enter(server, 'bob', { storage: copy });
  expect(reloaded.self.peer).toBe(bob.self.peer);
  await until(() => alice.heard.back.length === 1);
  expect(alice.heard.back).toMatchObject([
    { reloaded: true, before: { page: bob.self.page }, member: { page: reloaded.self.page } },
  ]);
  await inState(bob, 'refused');
  expect(bob.client.state).toMatchObject({ error: { code: 'taken-over' } });
  await expect(bob.client.say('still here?')).rejects.toMatchObject({ code: 'closed' });
});

test('a signal that waits for a page is not given to the page after it', async () => {
  await using server = await serve();
  const { alice, bob, line } = await pair(server);
  using _ = line;
  line.cut();
  await inState(alice, 'reconnecting');
  const stale = alice.client
    .send(bob.self.peer, candidate('for the old page'))
    .catch((error: unknown) => error);
  const kept = storage();
  bob.client.close();
  using carol = await enter(server, 'carol', { storage: kept });
  await inState(alice, 'joined');
  expect(await stale).toMatchObject({ code: 'no-such-peer' });
  expect(candidates(carol)).toEqual([]);
  alice.client.close();
});

test('leaving is told at once; closing twice is closing once', async () => {
  await using server = await serve();
  using alice = await enter(server, 'alice');
  const bob = await enter(server, 'bob', { storage: storage() });
  await until(() => alice.client.members.size === 1);
  bob.client.close();
  bob.client.close();
  await until(() => alice.heard.left.length === 1);
  expect(alice.heard.left).toMatchObject([{ why: 'left', member: { name: 'bob' } }]);
  expect(alice.heard.away).toEqual([]);
  await expect(bob.client.send(alice.self.peer, candidate('x'))).rejects.toMatchObject({ code: 'closed' });
});

test('chat is heard by everybody and read by newcomers', async () => {
  await using server = await serve();
  using alice = await enter(server, 'alice');
  await alice.client.say('<b>hello</b>');
  await until(() => alice.heard.chat.length === 1);
  using bob = await enter(server, 'bob');
  expect(bob.client.chat).toEqual(alice.heard.chat);
  expect(bob.heard.chat).toEqual([]);
});

test('a full room refuses; an unreachable server is waited for until the abort', async () => {
  await using server = await serve({ seats: 2 });
  using _ = await enter(server, 'alice');
  using __ = await enter(server, 'bob');
  await expect(enter(server, 'carol')).rejects.toMatchObject({ code: 'room-full' });
  const end = new AbortController();
  const client = new RoomClient();
  const entering = client.connect('http://127.0.0.1:9', {
    room: RoomId.parse('blue'),
    page: newPage(),
    signal: end.signal,
  });
  await until(() => client.state.state === 'connecting' && client.state.why !== undefined);
  end.abort();
  await expect(entering).rejects.toMatchObject({ code: 'closed' });
});

test('the address of a connection names its room, for a proxy that sends all of one room to one server', async () => {
  const proxy = createServer().listen(0, '127.0.0.1');
  const asked = once(proxy, 'upgrade') as Promise<[IncomingMessage]>;
  await once(proxy, 'listening');
  const end = new AbortController();
  const { port } = proxy.address() as AddressInfo;
  const joining = new RoomClient().connect(`http://127.0.0.1:${port}`, {
    room: RoomId.parse('blue_room'),
    page: PageId.parse('page'),
    signal: end.signal,
  });
  const [request] = await asked;
  expect(new URL(request.url ?? '', 'http://proxy').searchParams.get('room')).toBe('blue_room');
  end.abort();
  await expect(joining).rejects.toMatchObject({ code: 'closed' });
  request.socket.destroy();
  proxy.close();
});

test('what cannot be sent is refused before it is sent', async () => {
  await using server = await serve();
  using alice = await enter(server, 'alice');
  using bob = await enter(server, 'bob');
  const sdp = 'x'.repeat(70_000);
  await expect(
    bob.client.send(alice.self.peer, { description: { type: 'offer', sdp } }),
  ).rejects.toMatchObject({ code: 'too-large' });
  await expect(bob.client.send(bob.self.peer, candidate(''))).rejects.toMatchObject({ code: 'no-such-peer' });
  await expect(bob.client.say('')).rejects.toMatchObject({ code: 'bad-request' });
  await bob.client.send(alice.self.peer, candidate('fine'));
});

test('a burst larger than the server takes is slowed down and arrives whole', async () => {
  await using server = await serve({ rate: { burst: 20, perSec: 200 } });
  using alice = await enter(server, 'alice');
  using bob = await enter(server, 'bob');
  const sent = Array.from({ length: 80 }, (_, index) =>
    bob.client.send(alice.self.peer, candidate(`${index}`)),
  );
  await Promise.all(sent);
  await until(() => alice.heard.signal.length === 80);
  expect(candidates(alice)).toEqual(Array.from({ length: 80 }, (_, index) => `${index}`));
});

test('clients that lose the server together come back spread over seconds', async () => {
  await using server = await serve();
  const crowd = await Promise.all(Array.from({ length: 30 }, (_, index) => enter(server, `peer ${index}`)));
  const restarted = server.restart();
  const start = performance.now();
  const times: number[] = [];
  for (const { client } of crowd)
    client.on('state', ({ state }) => void (state === 'joined' && times.push(performance.now() - start)));
  await restarted;
  await until(() => times.length === crowd.length, 'everybody back', 12_000);
  for (const { client } of crowd) client.close();
  const sorted = times.toSorted((x, y) => x - y);
  expect(sorted[22]! - sorted[7]!).toBeGreaterThan(700);
  expect(crowd.every(({ heard }) => heard.left.length === 0 && heard.reset.length === 0)).toBe(true);
}, 20_000);

const meeting = { kind: 'meeting' } as const;

test('in a meeting names, hands, reactions and the host are the same for everybody', async () => {
  await using server = await serve();
  using alice = await enter(server, 'alice', meeting);
  using bob = await enter(server, 'bob', meeting);
  expect([alice.client.self?.role, bob.client.self?.role]).toEqual(['host', 'guest']);
  bob.client.rename('Robert');
  bob.client.raiseHand(true);
  await bob.client.react('clap');
  await until(() => alice.heard.reacted.length === 1);
  await until(() => alice.client.members.get(bob.self.peer)?.handAtMs !== null);
  expect(alice.client.members.get(bob.self.peer)?.name).toBe('Robert');
  expect(alice.heard.changed.at(-1)).toMatchObject({ before: { handAtMs: null } });
  await alice.client.takeHandDown(bob.self.peer);
  await alice.client.askToMute(null);
  await until(() => bob.heard['muted-by-host'].length === 1);
  expect(bob.client.self).toMatchObject({ name: 'Robert', handAtMs: null });
  await alice.client.passHost(bob.self.peer);
  await until(() => bob.client.self?.role === 'host');
  expect(bob.client.state).toMatchObject({ self: { role: 'host' } });
  await expect(alice.client.setLobby(true)).rejects.toMatchObject({ code: 'not-host' });
  expect(() => bob.client.rename('\u0000')).toThrow('control characters');
  expect([...alice.heard.fault, ...bob.heard.fault]).toEqual([]);
});

test('in the lobby one waits, over a lost connection too, until one is let in or turned away', async () => {
  await using server = await serve();
  using alice = await enter(server, 'alice', meeting);
  await alice.client.setLobby(true);
  using line = await openLine(server.port);
  const waiting = new RoomClient();
  const end = new AbortController();
  const admitted = waiting.connect(line.url, {
    ...meeting,
    room: RoomId.parse('blue'),
    page: newPage(),
    name: 'bob',
    signal: end.signal,
  });
  await until(() => alice.client.lobby.waiting.length === 1);
  expect(waiting.members.size).toBe(0);
  await expect(waiting.say('let me in')).rejects.toMatchObject({ code: 'in-lobby' });
  await expect(waiting.react('party')).rejects.toMatchObject({ code: 'in-lobby' });
  waiting.rename('Robert');
  await until(() => alice.client.lobby.waiting[0]?.name === 'Robert');
  const { peer } = await waiting.reconnect();
  expect(alice.client.lobby.waiting).toMatchObject([{ peer, name: 'Robert' }]);
  await alice.client.admit(peer);
  expect((await admitted).peer).toBe(peer);
  expect([...waiting.members.keys()]).toEqual([alice.self.peer]);
  await until(() => alice.heard.joined.length === 1);
  expect(alice.client.lobby).toEqual({ on: true, waiting: [] });
  await alice.client.remove(peer);
  await until(() => waiting.state.state === 'refused');
  expect(waiting.state).toMatchObject({ error: { code: 'removed' } });
  const carol = expect(enter(server, 'carol', meeting)).rejects.toMatchObject({ code: 'turned-away' });
  await until(() => alice.client.lobby.waiting.length === 1);
  await alice.client.turnAway(alice.client.lobby.waiting[0]!.peer);
  await carol;
});

test('a forced reconnection keeps the seat, and what is sent meanwhile arrives once and in order', async () => {
  await using server = await serve();
  const { alice, bob, line } = await pair(server);
  using _ = line;
  // The network is gone and nobody has noticed.
  line.hold();
  const sent = ['1', '2'].map((text) => alice.client.send(bob.self.peer, candidate(text)));
  line.cut();
  const back = alice.client.reconnect();
  sent.push(alice.client.send(bob.self.peer, candidate('3')));
  expect((await back).peer).toBe(alice.self.peer);
  await Promise.all(sent);
  await until(() => candidates(bob).length === 3);
  expect(candidates(bob)).toEqual(['1', '2', '3']);
  // Twice at once is no harm either.
  await Promise.all([alice.client.reconnect(), alice.client.reconnect()]);
  expect(alice.client.state.state).toBe('joined');
  expect(told(alice)).toEqual(nothing);
  alice.client.close();
  await expect(alice.client.reconnect()).rejects.toMatchObject({ code: 'closed' });
  bob.client.close();
});

test('over a restart the host, the lobby, a hand and a name stay', async () => {
  await using server = await serve();
  using alice = await enter(server, 'alice', meeting);
  using bob = await enter(server, 'bob', meeting);
  await alice.client.setLobby(true);
  bob.client.rename('Robert');
  bob.client.raiseHand(true);
  await until(() => alice.client.members.get(bob.self.peer)?.handAtMs !== null);
  await server.restart();
  for (const { client } of [alice, bob]) client.reconnect().catch(() => {});
  await until(
    () => {
      const seen = alice.client.members.get(bob.self.peer);
      return (
        alice.client.self?.role === 'host' &&
        bob.client.members.get(alice.self.peer)?.role === 'host' &&
        bob.client.lobby.on &&
        seen?.name === 'Robert' &&
        seen.role === 'guest' &&
        seen.handAtMs !== null
      );
    },
    'the meeting as it was',
    9_000,
  );
  expect(told(alice)).toMatchObject({ left: [], reset: [], fault: [] });
  expect(told(bob)).toMatchObject({ left: [], reset: [], fault: [] });
}, 20_000);
