import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { RoomId } from '../../src/protocol/signaling.ts';
import { createRouter } from './core/router.ts';
import { keyFrame, TestPage, VIDEO_SSRC } from './page.fixture.ts';
import { Sfu, type SfuRules, sfuRules } from './sfu.ts';
import { openNdc } from './transport/ndc.ts';

const WAIT = { timeout: 20_000, interval: 10 };
const room = RoomId.parse('blue');
const address = '127.0.0.1';
vi.setConfig({ testTimeout: 30_000 });
const log = pino({ level: 'silent' });

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.toReversed()) one.close();
  open.length = 0;
});

async function setup(rules: Partial<SfuRules> = {}): Promise<Sfu> {
  const sfu = new Sfu(
    {
      log,
      router: createRouter,
      open: () => openNdc({ port: 0, bind: address, addresses: () => [address], warn: () => {} }),
    },
    { ...sfuRules, feedback: 'remb', ...rules },
  );
  open.push(sfu);
  await sfu.listen();
  return sfu;
}

function enter(sfu: Sfu, name = room): TestPage {
  const page = new TestPage(sfu, name);
  open.push(page);
  return page;
}

async function join(sfu: Sfu, name = room): Promise<TestPage> {
  const page = enter(sfu, name);
  await Promise.all([page.publish(), page.seat.receive()]);
  await vi.waitFor(() => expect(page.isUp && page.isDown).toBe(true), WAIT);
  return page;
}

const sectionsOf = (page: TestPage) =>
  page.offers
    .at(-1)
    ?.sections.map(({ peer, source }) => `${peer} ${source}`)
    .toSorted();

test('what one sends the others receive, and whoever comes or goes is in a further offer', async () => {
  const sfu = await setup();
  const alice = await join(sfu);
  expect(alice.offers.map(({ sections }) => sections)).toEqual([[]]);
  const bob = await join(sfu);
  expect(sectionsOf(bob)).toEqual([`${alice.peer} camera`, `${alice.peer} microphone`].toSorted());
  await vi.waitFor(
    () => expect(sectionsOf(alice)).toEqual([`${bob.peer} camera`, `${bob.peer} microphone`].toSorted()),
    WAIT,
  );
  expect(alice.offers.at(-1)?.version).toBeGreaterThan(alice.offers[0]!.version);

  bob.seat.want([{ peer: alice.peer, source: 'camera', width: 640, height: 360, pinned: false }]);
  let sequence = 0;
  await vi.waitFor(() => {
    alice.sendVideo(keyFrame((sequence += 1)));
    expect(bob.packets.length).toBeGreaterThan(0);
  }, WAIT);
  const packet = bob.packets[0]!;
  expect(packet[1]! & 0x7f).toBe(96);
  expect(packet.readUInt32BE(8)).not.toBe(VIDEO_SSRC);
  expect(bob.offers.at(-1)?.sdp).toContain(`a=ssrc:${packet.readUInt32BE(8)} `);
  const table = sfu.table(room);
  expect(table?.engine).toBe('node-datachannel');
  expect(table?.outputs).toContainEqual(
    expect.objectContaining({ to: bob.peer, from: alice.peer, source: 'camera', forwarding: true }),
  );

  const carol = await join(sfu);
  await vi.waitFor(() => expect(sectionsOf(bob)).toHaveLength(4), WAIT);
  alice.close();
  await vi.waitFor(
    () => expect(sectionsOf(bob)).toEqual([`${carol.peer} camera`, `${carol.peer} microphone`].toSorted()),
    WAIT,
  );
  // Its m-sections are kept, for the next one.
  expect(bob.offers.at(-1)?.sdp.match(/^m=/gm)).toHaveLength(4);
  expect(sfu.health).toMatchObject({ state: 'up', rooms: 1, seats: 2 });
});

test('one offer is on its way at a time, and an old answer is ignored', async () => {
  const sfu = await setup();
  const alice = enter(sfu);
  alice.answers = false;
  await alice.seat.receive();
  const first = alice.offers[0]!;
  await join(sfu);
  await join(sfu);
  expect(alice.offers).toEqual([first]);
  alice.seat.want([]);
  expect(alice.offers).toEqual([first, first]);
  await alice.seat.answer(first.version + 7, 'anything');
  await alice.answer(first);
  expect(alice.offers).toHaveLength(3);
  expect(alice.offers[2]).toMatchObject({ version: first.version + 1, sections: { length: 4 } });
  await alice.seat.answer(first.version, 'anything');
  await alice.seat.receive();
  expect(alice.offers).toHaveLength(4);
  expect(alice.offers[3]?.sections).toHaveLength(4);
});

test('words and bytes reach the member they are for, with the sender in front', async () => {
  const sfu = await setup();
  const [alice, bob, stranger] = [await join(sfu), await join(sfu), await join(sfu, RoomId.parse('red'))];
  await vi.waitFor(() => expect(alice.hasLines && bob.hasLines && stranger.hasLines).toBe(true), WAIT);
  alice.say(stranger.peer, 'not in your room');
  alice.sendBytes(alice.peer, Buffer.from('to oneself'));
  alice.sendBytes('short', Buffer.alloc(0));
  alice.say(bob.peer, { hello: [1] });
  alice.sendBytes(bob.peer, Buffer.from('a file'));
  await vi.waitFor(() => expect(bob.words.length + bob.bytes.length).toBe(2), WAIT);
  expect(JSON.parse(bob.words[0]!)).toEqual({ peer: alice.peer, message: { hello: [1] } });
  expect(bob.bytes[0]?.toString()).toBe(`${alice.peer}a file`);
  expect([...stranger.words, ...alice.bytes]).toEqual([]);
});

test('a connection that is closed by its page is told, and its sources are gone', async () => {
  const sfu = await setup();
  const [alice, bob] = [await join(sfu), await join(sfu)];
  await vi.waitFor(() => expect(sectionsOf(bob)).toHaveLength(2), WAIT);
  alice.closeUp();
  await vi.waitFor(() => expect(alice.ends).toEqual([expect.stringMatching(/^up: /)]), WAIT);
  await vi.waitFor(() => expect(sectionsOf(bob)).toEqual([]), WAIT);
});

test('offers and answers that cannot be used are refused with a sentence', async () => {
  const sfu = await setup();
  const page = enter(sfu);
  const refused = (why: string) =>
    expect.objectContaining({ code: 'bad-description', message: expect.stringContaining(why) as string });
  const sdp = await page.offer();
  await expect(page.seat.publish('hello', [])).rejects.toThrow(refused('v=0'));
  await expect(page.seat.publish(sdp, [{ mid: 'x', source: 'camera' }])).rejects.toThrow(refused('a=mid:x'));
  await expect(page.seat.publish(sdp, [{ mid: 'a', source: 'camera' }])).rejects.toThrow(
    refused('is no video'),
  );
  await page.seat.publish(sdp, [{ mid: 'v', source: 'camera' }]);
  await expect(page.seat.publish(sdp, [])).rejects.toThrow(refused('make a new connection'));
  page.answers = false;
  await page.seat.receive();
  const { version } = page.offers[0]!;
  await expect(page.seat.answer(version, sdp)).rejects.toThrow(refused('m-section'));
});

test('seats are counted, in a room and in all, and one without a port refuses', async () => {
  const sfu = await setup({ seatsPerRoom: 2, seats: 3 });
  const alice = enter(sfu);
  enter(sfu);
  const full = expect.objectContaining({ code: 'middlebox-full' });
  expect(() => enter(sfu)).toThrow(full);
  enter(sfu, RoomId.parse('red'));
  expect(() => enter(sfu, RoomId.parse('green'))).toThrow(full);
  alice.close();
  enter(sfu);
  sfu.close();
  expect(sfu.health).toEqual({ state: 'closed', port: expect.any(Number), rooms: 0, seats: 0 });
  expect(() => enter(sfu)).toThrow(expect.objectContaining({ code: 'middlebox-unavailable' }));

  const failing = new Sfu({ log, router: createRouter, open: () => Promise.reject(new Error('no port')) });
  await failing.listen();
  expect(failing.health.state).toBe('failed');
  expect(() => enter(failing)).toThrow(expect.objectContaining({ code: 'middlebox-unavailable' }));
});

test('nothing is left of those who come and go', async () => {
  const sfu = await setup();
  const stays = await join(sfu);
  for (let round = 0; round < 2; round += 1) {
    const guests = await Promise.all([join(sfu), join(sfu), join(sfu)]);
    for (const guest of guests) guest.close();
  }
  await vi.waitFor(() => expect(sectionsOf(stays)).toEqual([]), WAIT);
  // Three at a time: their m-sections are used again and again.
  expect(stays.offers.at(-1)?.sdp.match(/^m=/gm)).toHaveLength(6);
  expect(sfu.table(room)).toMatchObject({ inputs: { length: 2 }, outputs: [] });
  stays.close();
  expect(sfu.health).toMatchObject({ rooms: 0, seats: 0 });
  expect(sfu.table(room)).toBeUndefined();
});
