import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PeerId } from '../../src/protocol/ids.ts';
import type { Cell, MixRecording, PublishedSection } from '../../src/protocol/middlebox.ts';
import { RoomId } from '../../src/protocol/signaling.ts';
import { type Colour, startMixedClients } from '../../tests/support/mixed-clients.ts';
import type { MiddleboxSeat } from '../middlebox/middlebox.ts';
import { Mcu, mcuRules } from './mcu.ts';
import { recordingRules, Recordings } from './recordings.ts';

const room = RoomId.parse('mixed');
const media = { muted: false, camera: true, screen: false, recording: false };
const patience = { timeout: 40_000, interval: 250 };

/** Tones 130 Hz apart, none a harmonic of another. */
const people = {
  alice: { toneHz: 440, colour: { y: 80, u: 90, v: 220 } },
  bob: { toneHz: 570, colour: { y: 150, u: 60, v: 60 } },
  carol: { toneHz: 700, colour: { y: 60, u: 220, v: 110 } },
} satisfies Record<string, { toneHz: number; colour: Colour }>;
type Name = keyof typeof people;
const names = Object.keys(people) as Name[];
const idOf = (name: string) => PeerId.parse(name.padEnd(22, '_'));

let mcu: Mcu;
let stateDir: string;
let clients: ReturnType<typeof startMixedClients>;

beforeEach(async () => {
  const ports = { low: 0, high: 0 };
  stateDir = await mkdtemp(join(tmpdir(), 'peerscope-mcu-'));
  const recordings = new Recordings(stateDir, { ...recordingRules, freeBytes: 0 });
  mcu = new Mcu({ ...mcuRules, seats: 3, ports }, pino({ level: 'silent' }), recordings);
  await mcu.listen();
  clients = startMixedClients();
});

afterEach(() => {
  mcu.close();
  clients.end();
});

interface Joined {
  readonly name: Name;
  readonly seat: MiddleboxSeat;
  readonly ended: string[];
  cells: readonly Cell[];
  heard: readonly PeerId[];
  up(): Promise<void>;
}

/** As a page does: sits down, publishes, receives, and makes new connections when they have ended. */
async function enter(name: Name): Promise<Joined> {
  const joined = {
    name,
    ended: [] as string[],
    cells: [] as readonly Cell[],
    heard: [] as readonly PeerId[],
  };
  const seat = mcu.sit(
    room,
    { peer: idOf(name), name, media },
    {
      offer: ({ version, sdp, sections }) => {
        expect(sections.map(({ peer, source }) => [peer, source])).toEqual([
          [null, 'microphone'],
          [null, 'camera'],
        ]);
        void clients
          .receive(name, sdp)
          .then((answer) => seat.answer(version, answer))
          .then((candidates) => clients.find(name, candidates));
      },
      ended: (leg, why) => {
        joined.ended.push(`${leg}: ${why}`);
        void (leg === 'up' ? up() : seat.receive());
      },
      heard: (loudest) => (joined.heard = loudest),
      cells: (cells) => (joined.cells = cells),
    },
  );
  const up = async () => {
    await clients.close(name);
    const { toneHz, colour } = people[name];
    const { sdp, sections } = await clients.offer(name, toneHz, colour);
    await clients.answered(name, await seat.publish(sdp, sections));
    await seat.receive();
  };
  await up();
  return Object.assign(joined, { seat, up });
}

/** Until each hears the others' tones and not its own, and sees everybody's colour in everybody's cell. */
async function untilMixed(joined: readonly Joined[]): Promise<void> {
  for (const { name, cells } of joined) {
    await vi.waitFor(async () => {
      const levels = await clients.levels(
        name,
        names.map((one) => people[one].toneHz),
      );
      for (const [index, one] of names.entries()) {
        const isThere = joined.some((other) => other.name === one);
        if (isThere && one !== name) expect(levels[index], `${name} hears ${one}`).toBeGreaterThan(-30);
        else expect(levels[index], `${name} does not hear ${one}`).toBeLessThan(-55);
      }
    }, patience);
    await vi.waitFor(async () => {
      const found = await clients.colours(
        name,
        cells.map((cell) => ({ x: cell.x + cell.width / 2, y: cell.y + cell.height / 2 })),
      );
      for (const [index, { peer }] of cells.entries()) {
        const owner = names.find((one) => idOf(one) === peer)!;
        const [seen, sent] = [found[index], people[owner].colour];
        expect(seen, `${name} sees ${owner}`).toBeTruthy();
        for (const part of ['y', 'u', 'v'] as const)
          expect(Math.abs(seen![part] - sent[part]), `${owner}'s ${part} at ${name}`).toBeLessThan(25);
      }
      expect(cells).toHaveLength(joined.length);
    }, patience);
  }
}

test('each of three hears the other two, sees all three, and does so again when the mixer was killed', async () => {
  const joined = [await enter('alice'), await enter('bob'), await enter('carol')];
  await untilMixed(joined);
  expect(joined[0]!.heard).toHaveLength(3);

  // Words and bytes go from one to another, with their sender's name.
  await clients.say('alice', JSON.stringify({ peer: idOf('bob'), message: 'hello' }));
  await clients.sendBytes('alice', `${idOf('bob')}\u0007`);
  await vi.waitFor(
    async () =>
      expect((await clients.got('bob')).toSorted()).toEqual(
        [`${idOf('alice')}\u0007`, JSON.stringify({ peer: idOf('alice'), message: 'hello' })].toSorted(),
      ),
    patience,
  );

  await vi.waitFor(() => {
    const table = mcu.table(room);
    expect(table?.inputs.map(({ source }) => source).toSorted()).toEqual([
      ...Array<string>(3).fill('camera'),
      ...Array<string>(3).fill('microphone'),
    ]);
    expect(table?.outputs.filter(({ from, packets }) => from === null && packets > 0)).toHaveLength(6);
    expect(table?.lines.filter(({ state }) => state === 'connected')).toHaveLength(6);
    expect(table?.processor).toBeGreaterThan(0);
    expect(table?.picture).toMatchObject({ width: 640, height: 360, wantedFramesPerSec: 15 });
  }, patience);

  const pid = mcu.pidOf(room)!;
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => {
    expect(mcu.pidOf(room)).not.toBe(pid);
    for (const { ended } of joined) expect(ended).toHaveLength(2);
  }, patience);
  expect(joined[0]!.ended[0]).toBe('up: The mixer’s process has ended (SIGKILL).');
  await untilMixed(joined);

  // Whoever turns the camera off is not seen any more, and whoever leaves has no cell.
  joined[1]!.seat.change({ peer: idOf('bob'), name: 'bob', media: { ...media, camera: false } });
  joined[2]!.seat.close();
  await vi.waitFor(async () => {
    const cells = joined[0]!.cells;
    expect(cells.map(({ peer }) => peer)).toEqual([idOf('alice'), idOf('bob')]);
    const { x, y, width, height } = cells[1]!;
    const [corner] = await clients.colours('alice', [{ x: x + width / 10, y: y + height / 10 }]);
    expect(Math.abs(corner!.u - 128) + Math.abs(corner!.v - 128)).toBeLessThan(20);
  }, patience);
}, 180_000);

test('the mix is written to a file as it is encoded, and the room is told how that comes along', async () => {
  const told: MixRecording[] = [];
  mcu.recording!.follow((_, recording) => told.push(recording));
  await expect(mcu.recording!.set(room, true)).rejects.toMatchObject({ code: 'middlebox-unavailable' });
  const alice = await enter('alice');
  await untilMixed([alice]);
  await mcu.recording!.set(room, true);
  await mcu.recording!.set(room, true); // it is on already
  await vi.waitFor(() => expect(told.at(-1)?.sizeBytes).toBeGreaterThan(15_000), patience);
  await mcu.recording!.set(room, false);
  await vi.waitFor(() => expect(told.at(-1)?.state).toBe('done'), patience);
  expect(told.at(-1)?.path).toMatch(/^\/mixes\//);
  expect(told.filter(({ state }) => state === 'done')).toHaveLength(1);

  const [name] = (await readdir(join(stateDir, 'mixes'))).filter((file) => file.endsWith('.webm'));
  const input = new Input({
    formats: ALL_FORMATS,
    source: new BufferSource(await readFile(join(stateDir, 'mixes', name!))),
  });
  const [video, audio] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
  expect(await video!.getCodec()).toBe('vp8');
  expect(await audio!.getCodec()).toBe('opus');
  const seconds = await input.computeDuration();
  expect(seconds).toBeGreaterThan(1);
  expect(seconds).toBeLessThan(told.at(-1)!.seconds + 1);
  for (const track of [video!, audio!]) {
    let [count, last] = [0, -1];
    for await (const packet of new EncodedPacketSink(track).packets()) {
      expect(packet.timestamp).toBeGreaterThan(last);
      last = packet.timestamp;
      count += 1;
    }
    // No more than half of what there should be is missing.
    expect(count).toBeGreaterThan(seconds * (track === video ? 2.5 : 25));
  }
}, 90_000);

test('whoever comes when all seats are taken is told how many there are', async () => {
  const events = { offer: () => {}, ended: () => {}, heard: () => {}, cells: () => {} };
  const sit = (name: string) => mcu.sit(room, { peer: idOf(name), name, media }, events);
  const seats = ['alice', 'bob', 'carol'].map(sit);
  expect(() => sit('dave')).toThrow(
    expect.objectContaining({
      code: 'middlebox-full',
      message: expect.stringContaining('takes 3 in one room'),
    }),
  );
  seats[0]!.close();
  expect(sit('dave')).toBeDefined();
  expect(mcu.health).toMatchObject({ state: 'up', rooms: 1, seats: 3 });
});

test('a description that libwebrtc cannot read is refused, and the seat goes on', async () => {
  const alice = await enter('alice');
  const { sdp, sections } = await clients.offer('bob', 570, people.bob.colour);
  const offers: [string, string, PublishedSection[]][] = [
    ['no SDP', 'hello', []],
    ['cut short', sdp.slice(0, 900), sections],
    ['a fingerprint that is none', sdp.replace(/a=fingerprint:.*/g, 'a=fingerprint:sha-256 xx'), sections],
    ['no ICE', sdp.replace(/a=ice-.*\r\n/g, ''), sections],
    ['a source that is not there', sdp, [{ mid: '9', source: 'camera' }]],
  ];
  for (const [what, bad, named] of offers)
    await expect(alice.seat.publish(bad, named), what).rejects.toMatchObject({ code: 'bad-description' });
  await expect(alice.seat.answer(1, 'hello')).rejects.toMatchObject({ code: 'bad-description' });
  await alice.up();
  await untilMixed([alice]);
  // Of the one that it has closed itself it may be told.
  expect(alice.ended.filter((why) => why.startsWith('up'))).toEqual([]);
}, 90_000);
