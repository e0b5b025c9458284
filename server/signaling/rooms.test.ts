import { expect, test } from 'vitest';
import { requests, type Payload } from '../../src/protocol/signaling.ts';
import { Bucket } from './bucket.ts';
import { Rooms, type RoomRules } from './rooms.ts';
import { Sessions } from './sessions.ts';

const secret = 'a secret of the tests, 32 characters or more';
const rules: RoomRules = {
  graceMs: 10_000,
  restoringMs: 15_000,
  keepMs: 11_000,
  seats: 3,
  meetingSeats: 3,
  maxRooms: 2,
  rate: { burst: 1, perSec: 1 },
};
const setup = (sessions = new Sessions(secret)) => new Rooms<string>(rules, sessions, 1_000);
const joining = (more: object = {}): Payload<'room:join'> =>
  requests['room:join'].payload.parse({ room: 'blue', page: 'p', ...more });
const candidate = { candidate: null };

test('the grace period counts from the loss, and the room goes with its last seat', () => {
  const rooms = setup();
  rooms.join('alice', joining(), 1_000);
  const { peer } = rooms.join('bob', joining(), 1_000).answer.self;
  rooms.lost('bob', 2_000);
  expect(rooms.tick(11_999)).toEqual([]);
  expect(rooms.counts).toEqual({ rooms: 1, peers: 2, away: 1 });
  expect(rooms.tick(12_000)).toMatchObject([
    { do: 'disconnect', peer },
    { do: 'tell', to: ['alice'], event: 'peer:left', payload: { why: 'timeout' } },
  ]);
  rooms.leave('alice', 12_000);
  expect(rooms.counts).toEqual({ rooms: 0, peers: 0, away: 0 });
});

test('each change of the room makes its version one greater', () => {
  const rooms = setup();
  rooms.join('alice', joining(), 1_000);
  const { answer } = rooms.join('bob', joining(), 1_000);
  rooms.setMedia('bob', { muted: true, camera: true, screen: false, recording: false });
  rooms.lost('bob', 2_000);
  rooms.join('bob again', joining({ session: answer.session }), 3_000);
  rooms.leave('bob again', 4_000);
  expect(rooms.snapshot('alice').version).toBe(6);
});

test('an epoch grows also when the clock does not', () => {
  const rooms = setup();
  const first = rooms.join('a', joining(), 1_000).answer;
  const second = rooms.join('b', joining({ session: first.session }), 1_000).answer;
  const third = rooms.join('c', joining({ session: first.session }), 5_000).answer;
  expect([first, second, third].map(({ self }) => self.epoch)).toEqual([1_000, 1_001, 5_000]);
});

test('a restart gives ids back in its first moments and not to tokens of yesterday', () => {
  const old = setup().join('alice', joining(), 1_000).answer;
  const restore = (bootMs: number, nowMs: number) =>
    new Rooms<string>(rules, new Sessions(secret), bootMs).join('a', joining({ session: old.session }), nowMs)
      .answer;
  expect(restore(5_000, 19_999)).toMatchObject({
    resumed: true,
    restoringMs: 1,
    self: { peer: old.self.peer },
  });
  expect(restore(5_000, 20_000)).toMatchObject({ resumed: false, restoringMs: 0 });
  expect(restore(90_000_000, 90_000_001).resumed).toBe(false);
  const other = new Rooms<string>(rules, new Sessions(`${secret}!`), 5_000);
  expect(other.join('a', joining({ session: old.session }), 5_000).answer.resumed).toBe(false);
});

test('a seat of somebody who is away stays taken', () => {
  const rooms = setup();
  for (const name of ['a', 'b', 'c']) rooms.join(name, joining(), 1_000);
  rooms.lost('c', 2_000);
  expect(() => rooms.join('d', joining(), 3_000)).toThrow('3 seats');
  rooms.tick(12_000);
  rooms.join('d', joining(), 12_000);
});

test('a refused join changes nothing', () => {
  const rooms = setup();
  rooms.join('a', joining(), 1_000);
  rooms.join('b', joining({ room: 'red' }), 1_000);
  expect(() => rooms.join('c', joining({ room: 'green' }), 1_000)).toThrow('2 rooms');
  expect(() => rooms.snapshot('c')).toThrow('no seat');
  expect(rooms.counts).toEqual({ rooms: 2, peers: 2, away: 0 });
});

test('a returning page is sent the last moments, older ones and those of reloaded pages not', () => {
  const rooms = setup();
  const alice = rooms.join('alice', joining(), 1_000).answer;
  const bob = rooms.join('bob', joining(), 1_000).answer;
  const carol = rooms.join('carol', joining(), 1_000).answer;
  const to = bob.self.peer;
  rooms.relay('alice', { to, signal: candidate }, 1_000);
  rooms.relay('carol', { to, signal: candidate }, 20_000);
  rooms.relay('alice', { to, signal: candidate }, 20_001);
  rooms.join('carol again', joining({ page: 'q', session: carol.session }), 20_002);
  rooms.lost('bob', 21_000);
  const { actions } = rooms.join('bob again', joining({ session: bob.session }), 22_000);
  expect(
    actions.filter((action) => action.do === 'tell' && action.event === 'signal:received'),
  ).toMatchObject([{ to: ['bob again'], payload: { from: alice.self.peer, sequence: 2 } }]);
});

test('without a grace period a lost connection has left', () => {
  const rooms = new Rooms<string>({ ...rules, graceMs: 0 }, new Sessions(secret), 0);
  rooms.join('alice', joining(), 1);
  rooms.join('bob', joining(), 1);
  expect(rooms.lost('bob', 2)).toContainEqual(
    expect.objectContaining({ event: 'peer:left', payload: expect.objectContaining({ why: 'timeout' }) }),
  );
});

test('a bucket gives its burst, then its rate, and never saves more than the burst', () => {
  const bucket = new Bucket({ burst: 2, perSec: 10 }, 0);
  const taken = [0, 0, 0, 99, 100, 100, 60_000, 60_000, 60_000].map((atMs) => bucket.take(atMs));
  expect(taken).toEqual([true, true, false, false, true, false, true, true, false]);
});
