import { expect, test } from 'vitest';
import type { Payload, RoomId } from '../../src/protocol/signaling.ts';
import { serve, type TestServer } from '../../tests/support/serve.ts';
import { Refusal } from '../signaling/refusal.ts';
import type { Middlebox, MiddleboxSeat, Participant, SeatEvents } from './middlebox.ts';

/** A seat that writes down what it is asked. */
interface FakeSeat extends MiddleboxSeat {
  readonly participant: Participant;
  readonly events: SeatEvents;
  readonly calls: unknown[][];
}

/** A middlebox without media. */
const place = {
  candidate: 'candidate:1 1 udp 1 192.0.2.2 3520 typ host',
  sdpMid: '0',
  usernameFragment: 'u',
};

class FakeMiddlebox implements Middlebox {
  readonly kind = 'sfu';
  readonly seatsPerRoom = 3;
  readonly health = { state: 'up', port: 0, rooms: 0, seats: 0 };
  readonly seats: FakeSeat[] = [];
  isGone = false;

  listen = () => Promise.resolve();
  close = () => {};

  sit(_: RoomId, participant: Participant, events: SeatEvents): MiddleboxSeat {
    if (this.isGone) throw new Refusal('middlebox-unavailable', 'it is gone');
    const calls: unknown[][] = [];
    const note =
      (name: string) =>
      (...args: unknown[]) =>
        void calls.push([name, ...args]);
    const seat: FakeSeat = {
      participant,
      events,
      calls,
      publish: (sdp) => {
        if (!sdp.startsWith('v=0')) throw new Refusal('bad-description', 'no SDP');
        calls.push(['publish']);
        return Promise.resolve('v=0 answer');
      },
      receive: () => {
        events.offer({ version: 1, sdp: 'v=0 offer', sections: [] });
        return Promise.resolve();
      },
      answer: (version) => {
        calls.push(['answer', version]);
        return Promise.resolve([place]);
      },
      want: note('want'),
      change: note('change'),
      close: note('close'),
    };
    this.seats.push(seat);
    return seat;
  }

  table(): ReturnType<Middlebox['table']> {
    return { atMs: 1, engine: 'fake', lines: [], inputs: [], outputs: [], processor: null };
  }
}

const offered: Payload<'middlebox:publish'> = {
  kind: 'sfu',
  sdp: 'v=0 offer',
  sections: [{ mid: '0', source: 'microphone' }],
};
const refused = (code: string) => ({ ok: false, error: { code } });

async function setup(): Promise<{ server: TestServer; sfu: FakeMiddlebox }> {
  const sfu = new FakeMiddlebox();
  return { sfu, server: await serve({}, { middleboxes: { sfu } }) };
}

test('a member publishes, receives, answers and says what it shows, in a room of any kind', async () => {
  const { server, sfu } = await setup();
  await using _ = server;
  const alice = await server.connect();
  expect(await alice.ask('middlebox:publish', offered)).toMatchObject(refused('not-in-room'));
  const { self } = await alice.join({ name: 'alice' });
  expect(await alice.ask('middlebox:publish', offered)).toEqual({ ok: true, value: { sdp: 'v=0 answer' } });
  expect(await alice.ask('middlebox:receive', { kind: 'sfu' })).toEqual({ ok: true, value: null });
  expect(await alice.hears('middlebox:offer')).toMatchObject({ version: 1, sdp: 'v=0 offer' });
  expect(await alice.ask('middlebox:answer', { kind: 'sfu', version: 1, sdp: 'v=0' })).toEqual({
    ok: true,
    value: { candidates: [place] },
  });
  await alice.ask('middlebox:want', { kind: 'sfu', wants: [] });
  await alice.ask('member:rename', { name: 'Alice' });
  expect(sfu.seats).toHaveLength(1);
  expect(sfu.seats[0]?.participant).toMatchObject({ peer: self.peer, name: 'alice' });
  expect(sfu.seats[0]?.calls.map(([name]) => name)).toEqual(['publish', 'answer', 'want', 'change']);
  await alice.ask('middlebox:leave', { kind: 'sfu' });
  expect(sfu.seats[0]?.calls.at(-1)).toEqual(['close']);
});

test.each<[string, string, Payload<'middlebox:publish'>]>([
  ['a kind that is not there', 'middlebox-unavailable', { ...offered, kind: 'mcu' }],
  ['what is no description', 'bad-description', { ...offered, sdp: 'nonsense' }],
  [
    'a source twice',
    'bad-request',
    { ...offered, sections: [...offered.sections, { mid: '1', source: 'microphone' }] },
  ],
  ['what is too long', 'too-large', { ...offered, sdp: 'v'.repeat(262_145) }],
])('middlebox:publish refuses %s', async (_, code, payload) => {
  const { server } = await setup();
  await using _server = server;
  const alice = await server.connect();
  await alice.join();
  expect(await alice.ask('middlebox:publish', payload)).toMatchObject(refused(code));
});

test('connections are opened no faster than a network would need it', async () => {
  const { server } = await setup();
  await using _ = server;
  const alice = await server.connect();
  await alice.join();
  const replies = [];
  for (let count = 0; count < 40; count++) replies.push(await alice.ask('middlebox:publish', offered));
  expect(replies.at(-1)).toMatchObject(refused('rate-limited'));
});

test('a seat outlives a lost connection: its page hears what it has missed, and goes on', async () => {
  const { server, sfu } = await setup();
  await using _ = server;
  const alice = await server.connect();
  const { session } = await alice.join({ page: 'a' });
  await alice.ask('middlebox:receive', { kind: 'sfu' });
  const [seat] = sfu.seats;
  const bob = await server.connect();
  await bob.join({});
  alice.socket.disconnect();
  await bob.hears('peer:away');
  seat?.events.ended('up', 'nothing came');
  const again = await server.connect();
  await again.join({ page: 'a', session });
  seat?.events.heard([]);
  await again.hears('middlebox:heard');
  await again.ask('middlebox:want', { kind: 'sfu', wants: [] });
  expect(await again.hears('middlebox:ended')).toMatchObject({ leg: 'up', why: 'nothing came' });
  expect(seat?.calls.map(([name]) => name)).not.toContain('close');
  const reloaded = await server.connect();
  await reloaded.join({ page: 'b', session });
  expect(seat?.calls.at(-1)).toEqual(['close']);
  await reloaded.ask('middlebox:publish', offered);
  expect(sfu.seats).toHaveLength(2);
  await reloaded.ask('room:leave', {});
  expect(sfu.seats[1]?.calls.at(-1)).toEqual(['close']);
});

test('who watches is shown the table, until it does not', async () => {
  const { server } = await setup();
  await using _ = server;
  const alice = await server.connect();
  await alice.join();
  await alice.ask('middlebox:watch', { kind: 'sfu', on: true });
  expect(await alice.hears('middlebox:table')).toMatchObject({ table: { engine: 'fake' } });
  expect(await alice.ask('middlebox:watch', { kind: 'sfu', on: false })).toMatchObject({ ok: true });
});

test('when the server in the middle is gone, whoever finds it so takes everybody back to a mesh', async () => {
  const { server, sfu } = await setup();
  await using _ = server;
  const [alice, bob] = [await server.connect(), await server.connect()];
  expect((await alice.join({ kind: 'meeting' })).topologies).toEqual(['mesh', 'sfu']);
  await bob.join({ kind: 'meeting' });
  await alice.ask('host:topology', { topology: 'sfu', auto: false });
  expect(await bob.hears('topology:changed')).toMatchObject({ topology: 'sfu', why: 'host' });
  sfu.isGone = true;
  expect(await bob.ask('middlebox:publish', offered)).toMatchObject(refused('middlebox-unavailable'));
  expect(await alice.hears('topology:changed', ({ why }) => why === 'unavailable')).toMatchObject({
    topology: 'mesh',
    auto: false,
  });
});
