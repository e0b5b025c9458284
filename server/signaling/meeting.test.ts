import { expect, test } from 'vitest';
import { limits, PageId, PeerId, requests, type Payload } from '../../src/protocol/signaling.ts';
import { type RoomAction, Rooms, type RoomRules } from './rooms.ts';
import { Sessions } from './sessions.ts';

const secret = 'a secret of the tests, 32 characters or more';
const rules: RoomRules = {
  graceMs: 10_000,
  restoringMs: 15_000,
  keepMs: 11_000,
  seats: 3,
  meetingSeats: 4,
  maxRooms: 2,
  rate: { burst: 1, perSec: 1 },
};
const joining = (more: object = {}): Payload<'room:join'> =>
  requests['room:join'].payload.parse({ room: 'blue', page: 'p', kind: 'meeting', ...more });
const nobody = PeerId.parse('A'.repeat(22));

/** A server that started long ago, unless it is said otherwise. */
function setup(startedAtMs = -60_000, sessions = new Sessions(secret)) {
  const rooms = new Rooms<string>(rules, sessions, startedAtMs);
  const join = (connection: string, more: object = {}, nowMs = 1_000) =>
    rooms.join(connection, joining({ name: connection, ...more }), nowMs);
  const hostOf = (connection: string) =>
    rooms
      .snapshot(connection)
      .members.filter(({ role }) => role === 'host')
      .map(({ name }) => name);
  return { rooms, join, hostOf };
}

/** What one connection is told, in order: event, or code of the end. */
const toldTo = (connection: string, actions: RoomAction<string>[]) =>
  actions.flatMap((action) => {
    if (action.do === 'tell') return action.to.includes(connection) ? [action.event] : [];
    if (action.do === 'end') return action.connection === connection ? [action.code] : [];
    if (action.do === 'disconnect') return [];
    return action.bot === connection ? ['dismissed'] : [];
  });
const payloadsOf = (event: string, actions: RoomAction<string>[]) =>
  actions.flatMap((action) => (action.do === 'tell' && action.event === event ? [action.payload] : []));
/** The newest token that one connection has been given. */
const renewed = (connection: string, actions: RoomAction<string>[]) =>
  actions.flatMap((action) =>
    action.do === 'tell' && action.event === 'session:renewed' && action.to.includes(connection)
      ? [action.payload.session]
      : [],
  )[0];

test('the first is host; the host goes to the one who has been there longest, who is there, and is no bot', () => {
  const { rooms, join, hostOf } = setup();
  expect(join('alice').answer.self.role).toBe('host');
  expect(rooms.invite('alice', 'bot', PageId.parse('b'), 1_000).answer).toMatchObject({
    name: 'Bot 1',
    role: 'guest',
  });
  join('bob', {}, 1_001);
  join('carol', {}, 1_002);
  rooms.lost('bob', 2_000);
  const actions = rooms.leave('alice', 3_000);
  // First the new one, then the leaving: at no moment nobody.
  expect(toldTo('carol', actions)).toEqual(['host:changed', 'session:renewed', 'peer:left']);
  expect(toldTo('alice', actions)).toEqual([]);
  expect(hostOf('carol')).toEqual(['carol']);
});

test('a host who is away is host until the grace period is over', () => {
  const { rooms, join, hostOf } = setup();
  const alice = join('alice').answer;
  join('bob');
  rooms.lost('alice', 2_000);
  expect(hostOf('bob')).toEqual(['alice']);
  join('alice again', { session: alice.session, name: 'alice' }, 3_000);
  expect(hostOf('bob')).toEqual(['alice']);
  rooms.lost('alice again', 4_000);
  rooms.tick(14_000);
  expect(hostOf('bob')).toEqual(['bob']);
  // It comes back as somebody new.
  expect(join('alice', { session: alice.session }, 15_000).answer.self.role).toBe('guest');
});

test('a host passes it on to somebody who is there', () => {
  const { rooms, join, hostOf } = setup();
  const alice = join('alice').answer.self.peer;
  const bob = join('bob').answer.self.peer;
  const bot = rooms.invite('bob', 'bot', PageId.parse('b'), 1_000).answer.peer;
  for (const peer of [nobody, alice, bot])
    expect(() => rooms.pass('alice', { peer }, 2_000)).toThrow(
      expect.objectContaining({ code: 'no-such-peer' }),
    );
  expect(payloadsOf('host:changed', rooms.pass('alice', { peer: bob }, 2_000))).toEqual([
    { version: 4, peer: bob },
  ]);
  expect(hostOf('alice')).toEqual(['bob']);
  expect(() => rooms.pass('alice', { peer: bob }, 2_000)).toThrow(
    expect.objectContaining({ code: 'not-host' }),
  );
  rooms.lost('alice', 3_000);
  expect(() => rooms.pass('bob', { peer: alice }, 3_000)).toThrow(
    expect.objectContaining({ code: 'peer-away' }),
  );
});

test('the first member decides what the room is, and each kind has its own seats', () => {
  const { rooms, join } = setup();
  expect(join('alice').answer.seats).toBe(4);
  const labs = (room: string) => requests['room:join'].payload.parse({ room, page: 'p' });
  expect(() => rooms.join('bob', labs('blue'), 1_000)).toThrow('meeting’s');
  rooms.join('lab', labs('lab'), 1_000);
  expect(rooms.snapshot('lab')).toMatchObject({ members: [{ role: 'guest', handAtMs: null }] });
  expect(() => join('carol', { room: 'lab' })).toThrow(expect.objectContaining({ code: 'other-kind' }));
  for (const ask of [
    () => rooms.setHand('lab', { up: true }, 1_000),
    () => rooms.react('lab', { reaction: 'clap' }, 1_000),
    () => rooms.setLobby('lab', { on: true }, 1_000),
  ])
    expect(ask).toThrow(expect.objectContaining({ code: 'other-kind' }));
  for (const name of ['b', 'c', 'd']) join(name);
  expect(() => join('e')).toThrow('the meeting has 4 seats');
});

test('who waits sees nobody, is seen by the host alone, and takes no seat', () => {
  const { rooms, join } = setup();
  join('alice');
  join('bob');
  rooms.setLobby('alice', { on: true }, 1_500);
  const { answer, actions } = join('carol', {}, 2_000);
  expect(answer).toMatchObject({
    admitted: false,
    snapshot: {
      version: 0,
      members: [{ name: 'carol', role: 'guest' }],
      chat: [],
      lobby: { on: true, waiting: [] },
    },
  });
  expect(answer.snapshot.members).toHaveLength(1);
  expect(payloadsOf('lobby:changed', actions)).toEqual([
    { version: 4, on: true, waiting: [] },
    { version: 4, on: true, waiting: [{ peer: answer.self.peer, name: 'carol', sinceMs: 2_000 }] },
  ]);
  expect(toldTo('carol', actions)).toEqual([]);
  expect(rooms.counts.peers).toBe(2);
  expect(rooms.snapshot('bob')).toMatchObject({ lobby: { on: true, waiting: [] } });
  for (const ask of [
    () => rooms.relay('carol', { to: nobody, signal: { candidate: null } }, 2_000),
    () => rooms.chat('carol', { text: 'hello' }, 2_000),
    () => rooms.setMedia('carol', { muted: false, camera: true, screen: true, recording: true }),
    () => rooms.setHand('carol', { up: true }, 2_000),
    () => rooms.react('carol', { reaction: 'heart' }, 2_000),
    () => rooms.setLobby('carol', { on: false }, 2_000),
    () => rooms.admit('carol', { peer: answer.self.peer }, 2_000),
    () => rooms.mayInvite('carol'),
    () => rooms.peerOf('carol'),
    () => rooms.roomOf('carol'),
  ])
    expect(ask).toThrow(expect.objectContaining({ code: 'in-lobby' }));
  // Nor do the members reach whoever waits.
  expect(() => rooms.relay('bob', { to: answer.self.peer, signal: { candidate: null } }, 2_000)).toThrow(
    'no such peer',
  );
  expect(payloadsOf('lobby:changed', rooms.rename('carol', { name: 'Carol' })).at(-1)).toMatchObject({
    waiting: [{ name: 'Carol' }],
  });
});

test('who is let in joins then, with all that was said; the others hear of a newcomer', () => {
  const { rooms, join } = setup();
  join('alice');
  rooms.setLobby('alice', { on: true }, 1_500);
  const { peer } = join('carol', {}, 2_000).answer.self;
  rooms.chat('alice', { text: 'hello' }, 2_500);
  const actions = rooms.admit('alice', { peer }, 3_000);
  expect(toldTo('alice', actions)).toEqual(['peer:joined', 'lobby:changed']);
  expect(toldTo('carol', actions)).toEqual(['room:admitted', 'lobby:changed']);
  expect(payloadsOf('room:admitted', actions)).toMatchObject([
    { self: { peer, joinedAtMs: 3_000 }, snapshot: { members: [{}, {}], chat: [{ text: 'hello' }] } },
  ]);
  expect(rooms.counts.peers).toBe(2);
  expect(() => rooms.admit('alice', { peer }, 3_000)).toThrow(
    expect.objectContaining({ code: 'no-such-peer' }),
  );
});

test('who is turned away may knock again; who is gone for the grace period waits no more', () => {
  const { rooms, join } = setup();
  join('alice');
  rooms.setLobby('alice', { on: true }, 1_500);
  const { peer } = join('carol', {}, 2_000).answer.self;
  expect(toldTo('carol', rooms.turnAway('alice', { peer }))).toEqual(['turned-away']);
  const again = join('carol', {}, 3_000).answer;
  rooms.lost('carol', 4_000);
  expect(rooms.snapshot('alice').lobby.waiting).toHaveLength(1);
  const back = join('carol back', { session: again.session }, 5_000).answer;
  expect(back).toMatchObject({ admitted: false, resumed: true, self: { peer: again.self.peer } });
  rooms.lost('carol back', 6_000);
  expect(toldTo('alice', rooms.tick(16_000))).toEqual(['lobby:changed']);
  expect(rooms.snapshot('alice').lobby.waiting).toEqual([]);
});

test('who was let in once is not asked again, be it late; who never was, is', () => {
  const { rooms, join } = setup();
  join('alice');
  const bob = join('bob').answer;
  rooms.setLobby('alice', { on: true }, 1_500);
  rooms.lost('bob', 2_000);
  rooms.tick(20_000);
  expect(join('bob late', { session: bob.session }, 21_000).answer).toMatchObject({
    admitted: true,
    resumed: false,
  });
  expect(join('carol', {}, 22_000).answer.admitted).toBe(false);
});

test('a lobby that is opened lets in all who wait, those who are away included, while there are seats', () => {
  const { rooms, join } = setup();
  join('alice');
  join('bob');
  rooms.setLobby('alice', { on: true }, 1_500);
  const waiting = ['c', 'd', 'e'].map((name) => join(name, {}, 2_000).answer);
  rooms.lost('d', 3_000);
  const actions = rooms.setLobby('alice', { on: false }, 4_000);
  expect(toldTo('c', actions)).toContain('room:admitted');
  expect(toldTo('e', actions)).toEqual(['room-full']);
  expect(rooms.snapshot('alice').members.map(({ name, away }) => [name, away])).toEqual([
    ['alice', false],
    ['bob', false],
    ['c', false],
    ['d', true],
  ]);
  expect(join('d again', { session: waiting[1]!.session }, 5_000).answer).toMatchObject({
    admitted: true,
    resumed: true,
  });
});

test('a lobby holds so many; nobody can be let into a full meeting; with the last member it empties', () => {
  const { rooms, join } = setup();
  for (const name of ['alice', 'b', 'c']) join(name);
  rooms.setLobby('alice', { on: true }, 1_500);
  const waiting = Array.from(
    { length: limits.waiting },
    (_, index) => join(`w${index}`, {}, 2_000).answer.self.peer,
  );
  expect(() => join('one too many')).toThrow('32 people wait');
  rooms.admit('alice', { peer: waiting[0]! }, 3_000);
  expect(() => rooms.admit('alice', { peer: waiting[1]! }, 3_000)).toThrow('4 seats');
  for (const name of ['b', 'c', 'w0']) rooms.leave(name, 4_000);
  const actions = rooms.leave('alice', 4_000);
  expect(toldTo('w1', actions)).toEqual(['turned-away']);
  expect(actions.filter((action) => action.do === 'end')).toHaveLength(limits.waiting - 1);
  expect(rooms.counts).toEqual({ rooms: 0, peers: 0, away: 0 });
});

test('names and hands are of the roster; raising a raised hand keeps its place', () => {
  const { rooms, join } = setup();
  const { peer } = join('alice').answer.self;
  join('bob');
  rooms.chat('alice', { text: 'before' }, 1_500);
  expect(payloadsOf('member:changed', rooms.rename('alice', { name: '__proto__' }))).toMatchObject([
    { version: 3, member: { peer, name: '__proto__' } },
  ]);
  expect(rooms.rename('alice', { name: '__proto__' })).toEqual([]);
  rooms.chat('alice', { text: 'after' }, 1_600);
  expect(rooms.snapshot('bob').chat.map(({ name }) => name)).toEqual(['alice', '__proto__']);
  rooms.setHand('alice', { up: true }, 2_000);
  expect(rooms.setHand('alice', { up: true }, 3_000)).toEqual([]);
  expect(rooms.snapshot('bob').members[0]?.handAtMs).toBe(2_000);
  expect(() => rooms.takeHandDown('bob', { peer }, 3_000)).toThrow(
    expect.objectContaining({ code: 'not-host' }),
  );
  rooms.takeHandDown('alice', { peer }, 4_000);
  expect(rooms.snapshot('bob').members[0]?.handAtMs).toBeNull();
});

test('four reactions at once, then one a second, and no version for them', () => {
  const { rooms, join } = setup();
  join('alice');
  join('bob');
  const { version } = rooms.snapshot('alice');
  for (let index = 0; index < 4; index++)
    expect(toldTo('bob', rooms.react('alice', { reaction: 'clap' }, 2_000))).toEqual(['member:reacted']);
  expect(() => rooms.react('alice', { reaction: 'clap' }, 2_000)).toThrow(
    expect.objectContaining({ code: 'rate-limited' }),
  );
  rooms.react('bob', { reaction: 'no' }, 2_000);
  rooms.react('alice', { reaction: 'clap' }, 3_000);
  expect(rooms.snapshot('alice').version).toBe(version);
});

test('the host asks one or all others to mute, those who are away when they return', () => {
  const { rooms, join } = setup();
  const by = join('alice').answer.self.peer;
  const bob = join('bob').answer;
  const carol = join('carol').answer;
  rooms.lost('carol', 2_000);
  expect(rooms.mute('alice', { peer: bob.self.peer })).toEqual([
    { do: 'tell', to: ['bob'], event: 'host:muted', payload: { by } },
  ]);
  expect(toldTo('alice', rooms.mute('alice', { peer: null }))).toEqual([]);
  expect(toldTo('carol again', join('carol again', { session: carol.session }, 3_000).actions)).toEqual([
    'host:muted',
  ]);
  for (const peer of [by, nobody])
    expect(() => rooms.mute('alice', { peer })).toThrow(expect.objectContaining({ code: 'no-such-peer' }));
  expect(() => rooms.mute('bob', { peer: null })).toThrow(expect.objectContaining({ code: 'not-host' }));
});

test('who is removed is told, is gone for the others, and does not come back as itself', () => {
  const { rooms, join } = setup();
  join('alice');
  const bob = join('bob').answer;
  join('carol');
  expect(() => rooms.remove('bob', { peer: bob.self.peer }, 2_000)).toThrow(
    expect.objectContaining({ code: 'not-host' }),
  );
  const actions = rooms.remove('alice', { peer: bob.self.peer }, 2_000);
  expect(toldTo('bob', actions)).toEqual(['removed']);
  expect(payloadsOf('peer:left', actions)).toMatchObject([{ peer: bob.self.peer, why: 'removed' }]);
  expect(() => rooms.snapshot('bob')).toThrow('no seat');
  expect(() => join('bob', { session: bob.session }, 3_000)).toThrow(
    expect.objectContaining({ code: 'removed' }),
  );
  rooms.setLobby('alice', { on: true }, 3_500);
  expect(join('bob', {}, 4_000).answer).toMatchObject({ admitted: false, resumed: false });
});

test('up to eight bots with the lowest free number, sent away by the host or by who has invited them', () => {
  const sessions = new Sessions(secret);
  const rooms = new Rooms<string>({ ...rules, meetingSeats: 20 }, sessions, -60_000);
  for (const name of ['alice', 'bob', 'carol']) rooms.join(name, joining({ name }), 1_000);
  const bots = Array.from(
    { length: 8 },
    (_, index) => rooms.invite('bob', `bot ${index}`, PageId.parse('b'), 1_000).answer,
  );
  expect(bots.map(({ name }) => name)).toEqual(Array.from({ length: 8 }, (_, index) => `Bot ${index + 1}`));
  expect(() => rooms.mayInvite('alice')).toThrow(expect.objectContaining({ code: 'too-many-bots' }));
  const { peer } = bots[2]!;
  expect(() => rooms.dismissBot('carol', { peer }, 2_000)).toThrow(
    expect.objectContaining({ code: 'not-host' }),
  );
  const actions = rooms.dismissBot('bob', { peer }, 2_000);
  expect(toldTo('bot 2', actions)).toEqual(['dismissed']);
  expect(toldTo('carol', actions)).toEqual(['peer:left']);
  rooms.dismissBot('alice', { peer: bots[0]!.peer }, 2_000);
  expect(rooms.invite('alice', 'bot 8', PageId.parse('b'), 3_000).answer.name).toBe('Bot 1');
  expect(() => rooms.dismissBot('alice', { peer: nobody }, 2_000)).toThrow(
    expect.objectContaining({ code: 'no-such-peer' }),
  );
  for (const name of ['alice', 'bob']) rooms.leave(name, 4_000);
  expect(rooms.leave('carol', 4_000).filter((action) => action.do === 'dismiss')).toHaveLength(7);
  expect(rooms.counts).toEqual({ rooms: 0, peers: 0, away: 0 });
});

/** Alice, the host, bob and carol, and the lobby as it was; the server then starts again. */
function restart(lobbyOn: boolean) {
  const before = setup();
  const alice = before.join('alice').answer;
  let bob = before.join('bob').answer.session;
  const carol = before.join('carol').answer;
  const actions = before.rooms.setLobby('alice', { on: lobbyOn }, 2_000);
  bob = renewed('bob', actions) ?? bob;
  return {
    ...setup(5_000),
    tokens: {
      alice: renewed('alice', actions) ?? alice.session,
      bob,
      carol: renewed('carol', actions) ?? carol.session,
    },
  };
}

test('after a restart whoever comes first is host until the true one is back', () => {
  const { join, hostOf, tokens } = restart(false);
  join('stranger', {}, 5_001);
  expect(hostOf('stranger')).toEqual(['stranger']);
  const { answer, actions } = join('bob', { session: tokens.bob }, 5_002);
  expect(toldTo('stranger', actions)).toEqual(['peer:back', 'host:changed', 'session:renewed']);
  expect(answer.self.role).toBe('host');
  join('carol', { session: tokens.carol }, 5_003);
  expect(hostOf('bob')).toEqual(['bob']);
  const back = join('alice', { session: tokens.alice }, 5_004);
  expect(back.answer).toMatchObject({ resumed: true, self: { role: 'host', joinedAtMs: 1_000 } });
  expect(hostOf('bob')).toEqual(['alice']);
});

test('after a restart a stranger who comes first cannot give away what it holds meanwhile', () => {
  const { rooms, join, hostOf, tokens } = restart(false);
  join('stranger', {}, 5_001);
  const friend = join('friend', {}, 5_002).answer.self.peer;
  rooms.pass('stranger', { peer: friend }, 5_003);
  expect(hostOf('friend')).toEqual(['friend']);
  join('alice', { session: tokens.alice }, 5_004);
  expect(hostOf('friend')).toEqual(['alice']);
});

test('after a restart a host who does not return has passed it on, and comes second to a later host', () => {
  const { rooms, join, hostOf, tokens } = restart(false);
  join('bob', { session: tokens.bob }, 5_001);
  const settled = rooms.tick(20_000);
  expect(toldTo('bob', settled)).toEqual(['session:renewed']);
  expect(join('alice', { session: tokens.alice }, 20_001).answer).toMatchObject({
    resumed: false,
    self: { role: 'guest' },
  });
  expect(hostOf('bob')).toEqual(['bob']);
  // Another restart: the token of the later host is the better one, in whatever order they come.
  const again = setup(30_000);
  again.join('alice', { session: tokens.alice }, 30_001);
  again.join('bob', { session: renewed('bob', settled) }, 30_002);
  expect(again.hostOf('alice')).toEqual(['bob']);
});

test('after a restart the lobby is as it was, who was in it waits on, and who was let in is not asked', () => {
  const { join, rooms, tokens } = restart(true);
  expect(join('bob', { session: tokens.bob }, 5_001).answer).toMatchObject({ admitted: true, resumed: true });
  expect(join('stranger', {}, 5_002).answer.admitted).toBe(false);
  join('alice', { session: tokens.alice }, 5_003);
  expect(rooms.snapshot('alice').lobby).toMatchObject({ on: true, waiting: [{ name: 'stranger' }] });
});

test('after a restart who waited waits, also when nobody else is back; and when nobody comes it is told', () => {
  const before = setup();
  before.join('alice');
  before.rooms.setLobby('alice', { on: true }, 1_500);
  const { session, self } = before.join('dave').answer;
  const { rooms, join } = setup(5_000);
  expect(join('dave', { session }, 5_001).answer).toMatchObject({
    admitted: false,
    resumed: true,
    self: { peer: self.peer },
  });
  expect(join('stranger', {}, 5_002).answer.admitted).toBe(false);
  expect(toldTo('dave', rooms.tick(20_000))).toEqual(['turned-away']);
  expect(rooms.counts).toEqual({ rooms: 0, peers: 0, away: 0 });
});

test('each change of a meeting makes its version one greater, for everybody', () => {
  const { rooms, join } = setup();
  join('alice');
  const bob = join('bob').answer;
  let { version } = rooms.snapshot('bob');
  const follow = (actions: RoomAction<string>[]) => {
    for (const action of actions) {
      if (action.do !== 'tell' || !action.to.includes('bob') || !('version' in action.payload)) continue;
      expect(action.payload.version).toBe(++version);
    }
  };
  follow(rooms.setLobby('alice', { on: true }, 2_000));
  const carol = join('carol', {}, 2_000);
  follow(carol.actions);
  follow(rooms.rename('carol', { name: 'Carol' }));
  follow(rooms.admit('alice', { peer: carol.answer.self.peer }, 2_000));
  follow(join('dave', {}, 2_000).actions);
  follow(rooms.setHand('carol', { up: true }, 2_000));
  follow(rooms.pass('alice', { peer: bob.self.peer }, 2_000));
  follow(rooms.remove('bob', { peer: carol.answer.self.peer }, 2_000));
  follow(rooms.setLobby('bob', { on: false }, 2_000));
  follow(rooms.leave('alice', 2_000));
  expect(rooms.snapshot('bob').version).toBe(version);
});

/** Each with an SFU and a mixer of that many seats, unless it is said otherwise. */
function routed(startedAtMs = -60_000, sessions = new Sessions(secret), middleboxSeats = { sfu: 4, mcu: 2 }) {
  const rooms = new Rooms<string>({ ...rules, middleboxSeats }, sessions, startedAtMs);
  const join = (name: string, more: object = {}, nowMs = 1_000) =>
    rooms.join(name, joining({ name, ...more }), nowMs).answer;
  const routing = () => {
    const { topology, auto } = rooms.snapshot('alice');
    return [topology, auto];
  };
  return { rooms, join, routing };
}

test('the host chooses how media travel, and everybody is told; a server in the middle has its seats', () => {
  const { rooms, join, routing } = routed();
  expect(join('alice')).toMatchObject({
    topologies: ['mesh', 'sfu', 'mcu'],
    snapshot: { topology: 'mesh', auto: false },
  });
  join('bob');
  const sfu = { topology: 'sfu', auto: false } as const;
  expect(() => rooms.setTopology('bob', sfu, 2_000)).toThrow(expect.objectContaining({ code: 'not-host' }));
  const actions = rooms.setTopology('alice', sfu, 2_000);
  expect(payloadsOf('topology:changed', actions)).toEqual([{ version: 3, ...sfu, why: 'host' }]);
  expect(toldTo('bob', actions)).toEqual(['topology:changed', 'session:renewed']);
  expect(rooms.setTopology('alice', sfu, 2_000)).toEqual([]);
  rooms.setTopology('alice', { topology: 'mcu', auto: false }, 3_000);
  expect(() => join('carol')).toThrow(expect.objectContaining({ code: 'middlebox-full' }));
  rooms.setTopology('alice', { topology: 'mesh', auto: false }, 4_000);
  join('carol');
  expect(() => rooms.setTopology('alice', { topology: 'mcu', auto: false }, 5_000)).toThrow(
    expect.objectContaining({ code: 'middlebox-full' }),
  );
  expect(routing()).toEqual(['mesh', false]);
  const without = setup();
  expect(without.join('alice').answer.topologies).toEqual(['mesh']);
  expect(() => without.rooms.setTopology('alice', sfu, 2_000)).toThrow(
    expect.objectContaining({ code: 'middlebox-unavailable' }),
  );
});

test('by itself it goes to the SFU when a page is strained, and back when two are left for ten seconds', () => {
  const { rooms, join, routing } = routed();
  const carol = ['alice', 'bob', 'carol'].map((name) => join(name))[2];
  expect(rooms.strain('carol', 2_000)).toEqual([]);
  rooms.setTopology('alice', { topology: 'mesh', auto: true }, 2_000);
  expect(payloadsOf('topology:changed', rooms.strain('carol', 3_000))).toMatchObject([
    { topology: 'sfu', auto: true, why: 'strain', by: carol?.self.peer },
  ]);
  expect(rooms.strain('bob', 3_000)).toEqual([]);
  rooms.tick(4_000);
  rooms.leave('carol', 5_000);
  rooms.tick(6_000);
  rooms.tick(15_999);
  expect(routing()).toEqual(['sfu', true]);
  // Somebody who comes begins it anew.
  rooms.join('carol', joining({ session: carol?.session }), 15_999);
  rooms.tick(16_000);
  rooms.leave('carol', 17_000);
  rooms.tick(18_000);
  expect(payloadsOf('topology:changed', rooms.tick(28_000))).toMatchObject([
    { topology: 'mesh', why: 'few' },
  ]);
  expect(rooms.strain('bob', 29_000)).toEqual([]);
});

test('without its server in the middle a meeting goes on as a mesh, and stays one', () => {
  const { rooms, join, routing } = routed();
  const { self } = join('alice');
  rooms.setTopology('alice', { topology: 'sfu', auto: true }, 2_000);
  const blue = rooms.roomOf('alice');
  expect(rooms.withoutMiddlebox(blue, 'mcu', 3_000)).toEqual([]);
  expect(payloadsOf('topology:changed', rooms.withoutMiddlebox(blue, 'sfu', 3_000))).toMatchObject([
    { topology: 'mesh', auto: false, why: 'unavailable' },
  ]);
  expect(routing()).toEqual(['mesh', false]);
  expect(rooms.connectionOf(blue, self.peer)).toBe('alice');
  rooms.lost('alice', 4_000);
  expect(rooms.connectionOf(blue, self.peer)).toBeUndefined();
});

test('the topology outlives a restart, in whoever’s token the newest choice is, if the new server has it', () => {
  const before = routed();
  before.join('alice');
  const old = before.join('bob').session;
  const sfu = { topology: 'sfu', auto: true } as const;
  const actions = before.rooms.setTopology('alice', sfu, 2_000);
  const session = renewed('alice', actions);
  const after = routed(10_000, new Sessions(secret));
  // Of bob's page the new token is lost: it had lost its connection before.
  expect(after.join('bob', { session: old }, 11_000).snapshot).toMatchObject({ topology: 'mesh' });
  const told = after.rooms.join('alice', joining({ session }), 12_000);
  expect(told.answer.snapshot).toMatchObject(sfu);
  expect(toldTo('bob', told.actions)).toContain('topology:changed');
  const without = routed(10_000, new Sessions(secret), { sfu: 0, mcu: 0 });
  expect(without.join('alice', { session }, 11_000).snapshot).toMatchObject({
    topology: 'mesh',
    auto: false,
  });
});

test('connections of a page are over when its participant leaves or comes with another page, not when it is away', () => {
  const { rooms, join } = routed();
  const alice = join('alice');
  join('bob');
  const over = (actions: RoomAction<string>[]) =>
    actions.flatMap((action) => (action.do === 'disconnect' ? [action.peer] : []));
  expect(over(rooms.lost('alice', 2_000))).toEqual([]);
  const { session } = alice;
  expect(over(rooms.join('alice 2', joining({ session }), 3_000).actions)).toEqual([]);
  expect(over(rooms.join('alice 3', joining({ session, page: 'q' }), 4_000).actions)).toEqual([
    alice.self.peer,
  ]);
  expect(over(rooms.leave('alice 3', 5_000))).toEqual([alice.self.peer]);
});
