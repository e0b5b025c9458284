import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import type { ForwardTable, Source, Want } from '../../../src/protocol/middlebox.ts';
import { ForwardTable as Table } from '../../../src/protocol/middlebox.ts';
import { type MediaState, PeerId, RoomId } from '../../../src/protocol/signaling.ts';
import { FakeJanus, recorded } from '../../../tests/support/fake-janus.ts';
import { until } from '../../../tests/support/serve.ts';
import type { Middlebox, MiddleboxSeat, SeatEvents } from '../../middlebox/middlebox.ts';
import { createJanusSfu, type JanusDeps } from './janus.ts';

const room = RoomId.parse('blue');
const peerOf = (name: string) => PeerId.parse(name.padEnd(22, '-'));
const sections: readonly { mid: string; source: Source }[] = [
  { mid: '0', source: 'microphone' },
  { mid: '1', source: 'camera' },
  { mid: '2', source: 'screen' },
  { mid: '3', source: 'screen-audio' },
];
const allOn: MediaState = { muted: false, camera: true, screen: false, recording: false };
const MS = 5_000;

type Told = { [K in keyof SeatEvents]: Parameters<SeatEvents[K]>[] };

interface Sitting {
  readonly seat: MiddleboxSeat;
  readonly told: Told;
  /** The handle at Janus that publishes. */
  readonly up: () => number;
}

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function setup(limits: JanusDeps['limits'] = {}, options: { seatsPerRoom?: number } = {}) {
  const janus = await FakeJanus.start();
  ends.push(() => janus[Symbol.asyncDispose]());
  const sfu = createJanusSfu(
    {
      url: janus.url,
      secret: 'a secret',
      roomKey: 'a key',
      admin: { url: janus.url, secret: 'another' },
      seatsPerRoom: options.seatsPerRoom ?? 16,
    },
    {
      log: pino({ level: 'silent' }),
      now: () => performance.now(),
      limits: { firstRetryMs: 5, lastRetryMs: 20, patienceMs: 2_000, ...limits },
    },
  );
  ends.push(() => sfu.close());
  await sfu.listen();
  return { janus, sfu };
}

function sit(sfu: Middlebox, janus: FakeJanus, name: string, media = allOn): Sitting {
  const told: Told = { offer: [], ended: [], heard: [], cells: [] };
  const events = Object.fromEntries(
    Object.entries(told).map(([key, calls]) => [
      key,
      (...args: unknown[]) => void (calls as unknown[]).push(args),
    ]),
  ) as unknown as SeatEvents;
  const seat = sfu.sit(room, { peer: peerOf(name), name, media }, events);
  let handle = 0;
  const publish = seat.publish.bind(seat);
  seat.publish = async (...args) => {
    const answer = await publish(...args);
    handle = janus.asked('join').findLast(({ body }) => body.ptype === 'publisher')?.handle_id ?? 0;
    return answer;
  };
  return { seat, told, up: () => handle };
}

/** As the page does it, up to media. */
async function publish(janus: FakeJanus, { seat, up }: Sitting): Promise<string> {
  const answer = await seat.publish(recorded.offer.replace(/o=- \d+/, `o=- ${++sessions}`), sections);
  janus.tell({ janus: 'webrtcup', sender: up() });
  return answer;
}
let sessions = 1000;

const offered = async ({ told }: Sitting, count: number) => {
  await until(() => told.offer.length >= count, `offer ${count}`, MS);
  const [offer] = told.offer[count - 1] ?? [];
  if (!offer) throw new Error('no offer');
  return offer;
};
const ANSWER = recorded.configured.jsep.sdp;

const wants = (name: string, width: number, pinned = false): Want[] => [
  { peer: peerOf(name), source: 'camera', width, height: Math.round((width * 9) / 16), pinned },
];

describe('a connection up', () => {
  test('is answered with Janus’s candidates, and without the data channels of the offer', async () => {
    const { janus, sfu } = await setup();
    const alice = sit(sfu, janus, 'alice');
    const answer = await publish(janus, alice);
    expect(answer).toContain('a=candidate:1 1 udp');
    expect(answer.match(/^m=\S+ \d+/gm)).toEqual([
      'm=audio 9',
      'm=video 9',
      'm=video 9',
      'm=audio 9',
      'm=application 0',
    ]);
    expect(janus.requests.every(({ apisecret }) => apisecret === 'a secret')).toBe(true);
    const [offer] = janus.asked('configure');
    expect(offer?.jsep?.sdp).not.toContain('m=application');
    expect(offer?.jsep?.sdp).toMatch(/^a=group:BUNDLE 0 1 2 3\r$/m);
    const [created] = janus.asked('create');
    expect(created?.body).toMatchObject({ admin_key: 'a key', is_private: true, audiolevel_event: true });
    expect(janus.asked('join')[0]?.body['pin']).toBe(created?.body['pin']);
  });

  test('waits for candidates that come one by one', async () => {
    const { janus, sfu } = await setup();
    janus.trickles = true;
    const answer = await publish(janus, sit(sfu, janus, 'alice'));
    expect(answer).toMatch(
      /m=audio 9 [^]*a=candidate:1 1 udp 2015363327 10\.9\.0\.1 39955 typ host\r\na=end-of-candidates\r\nm=video/,
    );
  });

  test('is refused with what Janus says', async () => {
    const { janus, sfu } = await setup();
    const alice = sit(sfu, janus, 'alice');
    janus.refusals.set('configure', { error_code: 465, error: 'Missing mandatory lines' });
    await expect(publish(janus, alice)).rejects.toMatchObject({
      code: 'bad-description',
      message: 'Janus says: Missing mandatory lines',
    });
    janus.refusals.clear();
    janus.refusals.set('join', { error_code: 432, error: 'Maximum number of publishers' });
    await expect(publish(janus, alice)).rejects.toMatchObject({ code: 'middlebox-full' });
    janus.refusals.clear();
    await expect(publish(janus, alice)).resolves.toContain('v=0');
  });

  test.each([
    ['nothing', ''],
    ['no description', 'hello'],
    ['no m-section of that name', recorded.offer.replace('a=mid:1', 'a=mid:7')],
  ])('%s is refused before Janus is asked', async (_, sdp) => {
    const { janus, sfu } = await setup();
    await expect(sit(sfu, janus, 'alice').seat.publish(sdp, sections)).rejects.toMatchObject({
      code: 'bad-description',
    });
    expect(janus.requests).toEqual([]);
  });

  test('that is offered twice is refused, and another one takes its place', async () => {
    const { janus, sfu } = await setup();
    const { seat } = sit(sfu, janus, 'alice');
    await seat.publish(recorded.offer, sections);
    await expect(seat.publish(recorded.offer, sections)).rejects.toMatchObject({ code: 'bad-description' });
    await seat.publish(recorded.offer.replace(/o=- \d+/, 'o=- 7'), sections);
    await until(() => janus.requests.some(({ janus: name }) => name === 'detach'), 'detach', MS);
  });

  test('that Janus does not answer for is refused in time', async () => {
    const { janus, sfu } = await setup({ answerMs: 60 });
    janus.isMute = true;
    await expect(sit(sfu, janus, 'alice').seat.publish(recorded.offer, sections)).rejects.toMatchObject({
      code: 'middlebox-unavailable',
    });
  });
});

describe('a connection down', () => {
  async function two() {
    const { janus, sfu } = await setup();
    const alice = sit(sfu, janus, 'alice');
    const bob = sit(sfu, janus, 'bob');
    await publish(janus, alice);
    await bob.seat.receive();
    const offer = await offered(bob, 1);
    return { janus, sfu, alice, bob, offer };
  }

  test('is offered what the others send and have on, and says whose it is', async () => {
    const { janus, bob, offer } = await two();
    expect(offer).toMatchObject({
      version: 1,
      sections: [
        { mid: '1', peer: peerOf('alice'), source: 'microphone' },
        { mid: '2', peer: peerOf('alice'), source: 'camera' },
      ],
    });
    await bob.seat.answer(1, ANSWER);
    expect(janus.asked('start')).toHaveLength(1);
  });

  test('is there before anybody sends, and its offers are of one session', async () => {
    const { janus, sfu } = await setup();
    const bob = sit(sfu, janus, 'bob');
    await bob.seat.receive();
    const first = await offered(bob, 1);
    expect(first.sections).toEqual([]);
    expect(first.sdp).toContain('m=audio 9');
    await bob.seat.answer(first.version, ANSWER);
    await publish(janus, sit(sfu, janus, 'alice'));
    const second = await offered(bob, 2);
    const [[, session, version] = [], [, again, later] = []] = [first, second].map(
      ({ sdp }) => /^o=- (\d+) (\d+) /m.exec(sdp) ?? [],
    );
    expect([again, Number(later)]).toEqual([session, Number(version) + 1]);
  });

  test('carries no picture that nobody looks at, and of others the layer that fills the tile', async () => {
    const { janus, bob } = await two();
    const configured = () =>
      janus
        .asked('configure')
        .filter(({ jsep }) => !jsep)
        .map(({ body }) => body.streams?.[0]);
    await until(() => configured().length === 1, 'the picture is off', MS);
    await bob.seat.answer(1, ANSWER);
    bob.seat.want(wants('alice', 320));
    await until(() => configured().length === 2, 'a small picture', MS);
    bob.seat.want(wants('alice', 1280, true));
    await until(() => configured().length === 3, 'a large picture', MS);
    bob.seat.want([]);
    await until(() => configured().length === 4, 'no picture', MS);
    // The recorded offer lists l, m, h: Janus counts from the end.
    expect(configured()).toMatchObject([
      { mid: '2', send: false },
      { mid: '2', send: true, substream: 2 },
      { mid: '2', send: true, substream: 0 },
      { mid: '2', send: false },
    ]);
  });

  test('is offered anew when somebody comes or goes, one offer at a time', async () => {
    const { janus, sfu, alice, bob } = await two();
    const carol = sit(sfu, janus, 'carol');
    await publish(janus, carol);
    bob.seat.want([]);
    const again = await offered(bob, 2);
    expect(again.version).toBe(1); // once more, since it was not answered
    await bob.seat.answer(7, ANSWER);
    expect(janus.asked('start')).toHaveLength(0);
    await bob.seat.answer(1, ANSWER);
    const second = await offered(bob, 3);
    expect(second.sections.map(({ peer }) => peer)).toEqual([
      peerOf('alice'),
      peerOf('alice'),
      peerOf('carol'),
      peerOf('carol'),
    ]);
    await bob.seat.answer(second.version, ANSWER);
    alice.seat.close();
    const third = await offered(bob, 4);
    expect(third.sections).toEqual(second.sections.filter(({ peer }) => peer === peerOf('carol')));
    expect(janus.asked('update').at(-1)?.body.unsubscribe).toEqual([{ sub_mid: '1' }, { sub_mid: '2' }]);
  });

  test('waits where a publisher is not there yet', async () => {
    const { janus, bob, sfu } = await two();
    await bob.seat.answer(1, ANSWER);
    janus.refusals.set('update', { error_code: 428, error: 'No such feed' });
    await publish(janus, sit(sfu, janus, 'carol'));
    await until(() => janus.asked('update').length > 0, 'an update', MS);
    janus.refusals.clear();
    expect((await offered(bob, 2)).sections).toHaveLength(4);
    expect(bob.told.ended).toEqual([]);
  });

  test('ends with a sentence when Janus hangs up', async () => {
    const { janus, bob } = await two();
    const handle = janus.asked('join').find(({ body }) => body.ptype === 'subscriber')?.handle_id;
    janus.tell({ janus: 'hangup', sender: handle, reason: 'DTLS alert' });
    await until(() => bob.told.ended.length > 0, 'the end', MS);
    expect(bob.told.ended).toEqual([['down', 'Janus has ended the connection: DTLS alert']]);
  });

  test('an answer that Janus does not take is refused', async () => {
    const { janus, bob } = await two();
    janus.refusals.set('start', { error_code: 465, error: 'Error parsing answer' });
    await expect(bob.seat.answer(1, ANSWER)).rejects.toMatchObject({ code: 'bad-description' });
    janus.refusals.clear();
    await bob.seat.answer(1, ANSWER);
    expect(janus.asked('start')).toHaveLength(2);
  });
});

test('who speaks is told, the loudest first, and a muted microphone speaks no more', async () => {
  const { janus, sfu } = await setup();
  const alice = sit(sfu, janus, 'alice');
  const bob = sit(sfu, janus, 'bob');
  await publish(janus, alice);
  await publish(janus, bob);
  const talk = (who: Sitting, level: number, videoroom = 'talking') =>
    janus.tell({
      janus: 'event',
      sender: bob.up(),
      plugindata: { data: { videoroom, room: 1234, id: 10_000 + who.up(), 'audio-level-dBov-avg': level } },
    });
  talk(alice, 40);
  talk(bob, 20);
  await until(() => bob.told.heard.length === 2, 'both', MS);
  expect(bob.told.heard).toEqual([[[peerOf('alice')]], [[peerOf('bob'), peerOf('alice')]]]);
  bob.seat.change({ peer: peerOf('bob'), name: 'bob', media: { ...allOn, muted: true } });
  talk(alice, 60, 'stopped-talking');
  await until(() => bob.told.heard.length === 4, 'silence', MS);
  expect(alice.told.heard.slice(2)).toEqual([[[peerOf('alice')]], [[]]]);
});

test('when Janus is gone both connections end; when it is back they can be made again', async () => {
  const { janus, sfu } = await setup();
  const alice = sit(sfu, janus, 'alice');
  await publish(janus, alice);
  await alice.seat.receive();
  expect(sfu.health).toMatchObject({ state: 'up', port: janus.port, rooms: 1, seats: 1 });
  const { port } = janus;
  await janus[Symbol.asyncDispose]();
  await until(() => alice.told.ended.length === 2, 'both ends', MS);
  expect(alice.told.ended.map(([leg]) => leg)).toEqual(['up', 'down']);
  expect(sfu.health.state).toBe('janus-unreachable');
  expect(() => sit(sfu, janus, 'bob')).toThrow(/Janus, which forwards here, cannot be reached/);
  const waiting = publish(janus, alice);
  const again = await FakeJanus.start(port);
  ends.push(() => again[Symbol.asyncDispose]());
  await expect(waiting).resolves.toContain('a=candidate');
  expect(sfu.health.state).toBe('up');
});

test('a room that somebody else ends at Janus is made anew', async () => {
  const { janus, sfu } = await setup();
  const alice = sit(sfu, janus, 'alice');
  await publish(janus, alice);
  janus.tell({
    janus: 'event',
    sender: alice.up(),
    plugindata: { data: { videoroom: 'destroyed', room: 1234 } },
  });
  await until(() => alice.told.ended.length === 1, 'the end', MS);
  await publish(janus, alice);
  expect(janus.asked('create')).toHaveLength(2);
});

test('a participant that takes its seat anew is sent what it showed before', async () => {
  const { janus, sfu } = await setup();
  const [alice, bob] = [sit(sfu, janus, 'alice'), sit(sfu, janus, 'bob')];
  await publish(janus, alice);
  bob.seat.want(wants('alice', 320));
  bob.seat.close();
  const again = sit(sfu, janus, 'bob');
  await again.seat.receive();
  await offered(again, 1);
  expect(janus.asked('join').at(-1)?.body.streams?.at(-1)).toMatchObject({ mid: '1', substream: 2 });
  expect(janus.asked('configure').every(({ jsep }) => jsep)).toBe(true);
});

test('a room has as many seats as are configured, and is gone from Janus with the last who sat in it', async () => {
  const { janus, sfu } = await setup({}, { seatsPerRoom: 2 });
  const [alice, bob] = [sit(sfu, janus, 'alice'), sit(sfu, janus, 'bob')];
  expect(() => sit(sfu, janus, 'carol')).toThrow('this room has 2 seats at the SFU');
  await publish(janus, alice);
  bob.seat.close();
  alice.seat.close();
  await until(() => janus.asked('destroy').length === 1, 'the room is destroyed', MS);
  expect(sfu.health).toMatchObject({ rooms: 0, seats: 0 });
});

test('what is no message of Janus does no harm', async () => {
  const { janus, sfu } = await setup();
  const alice = sit(sfu, janus, 'alice');
  await publish(janus, alice);
  const odd = [
    '',
    '{',
    '[]',
    'null',
    '{"janus":7}',
    '{"janus":"event"}',
    '{"janus":"event","sender":"nobody"}',
  ];
  for (const text of odd) janus.tell(text);
  for (const data of [
    { videoroom: 'talking' },
    { videoroom: 'talking', id: 1, 'audio-level-dBov-avg': -5 },
    { streams: 7 },
  ])
    janus.tell({
      janus: 'event',
      sender: alice.up(),
      plugindata: { data },
      jsep: { type: 'offer', sdp: '' },
    });
  await alice.seat.receive();
  expect(alice.told.ended).toEqual([]);
});

test('the forward table says what Janus counts, and leaves open what it does not tell', async () => {
  const { janus, sfu } = await setup();
  const [alice, bob] = [sit(sfu, janus, 'alice'), sit(sfu, janus, 'bob')];
  await publish(janus, alice);
  await bob.seat.receive();
  await offered(bob, 1);
  bob.seat.want(wants('alice', 320));
  let table: ForwardTable | undefined;
  const isWhole = ({ inputs, outputs }: ForwardTable) =>
    inputs.length > 0 && outputs[1]?.reason !== 'not-shown';
  await until(() => ((table = sfu.table(room)), table !== undefined && isWhole(table)), 'a table', MS);
  expect(Table.parse(table)).toEqual(table);
  expect(table).toMatchObject({ engine: 'janus', processor: null });
  const cameras = table?.inputs.filter(({ source }) => source === 'camera');
  expect(cameras?.map(({ rid, packets }) => [rid, packets > 0])).toEqual([
    ['l', true],
    ['m', true],
    ['h', true],
  ]);
  expect(table?.outputs).toMatchObject([
    { to: peerOf('bob'), from: peerOf('alice'), source: 'microphone', forwarding: true, reason: null },
    { source: 'camera', forwarding: true, target: 'l', rid: null, reason: 'key-frame' },
  ]);
});
