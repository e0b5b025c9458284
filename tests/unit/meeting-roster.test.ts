import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type MediaState, type Member, PageId, type PeerId, RoomId } from '../../src/protocol/signaling.ts';
import { RoomClient, RoomError } from '../../src/rtc/signaling/room-client.ts';
import { type Line, openLine } from '../support/line.ts';
import { serve, type TestServer, until } from '../support/serve.ts';

const names = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'];
const ACTIONS = 200;

/** mulberry32: the same numbers for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

let pages = 0;

/** One person over a line of their own, who comes and goes. What they want the others to see outlasts their pages. */
class Person {
  client: RoomClient | undefined;
  name: string;
  media: MediaState = { muted: false, camera: false, screen: false, recording: false };
  readonly faults: unknown[] = [];
  readonly #line: Line;
  readonly #items = new Map<string, string>();

  constructor(name: string, line: Line) {
    this.name = name;
    this.#line = line;
  }

  get isIn(): boolean {
    return this.client !== undefined && !['closed', 'refused'].includes(this.client.state.state);
  }

  get isHost(): boolean {
    return this.client?.state.state === 'joined' && this.client.self?.role === 'host';
  }

  join(): void {
    if (this.isIn) return;
    const client = new RoomClient();
    this.client = client;
    client.on('fault', (fault) => void this.faults.push(fault));
    client.on('members', () => {
      if (client.state.state !== 'joined') return;
      const hosts = rosterOf(client).filter(({ role }) => role === 'host');
      // At every moment, not at the end only.
      if (hosts.length !== 1) this.faults.push(hosts);
    });
    client.setMedia(this.media);
    client
      .connect(this.#line.url, {
        room: RoomId.parse('blue'),
        page: PageId.parse(`page-${++pages}`),
        name: this.name,
        kind: 'meeting',
        storage: {
          getItem: (key) => this.#items.get(key) ?? null,
          setItem: (key, value) => void this.#items.set(key, value),
          removeItem: (key) => void this.#items.delete(key),
        },
        signal: new AbortController().signal,
      })
      .catch(expected);
  }

  leave(): void {
    this.client?.close();
  }

  /** The page goes away without a word and is loaded anew, with what it had kept. */
  reload(): void {
    const kept = [...this.#items];
    const old = this.client;
    if (!old || !this.isIn) return;
    this.client = undefined;
    this.#line.cut();
    this.join();
    // The old page is gone: it asks for nothing any more, and says nothing.
    old.close();
    for (const [key, value] of kept) this.#items.set(key, value);
  }

  cut(): void {
    this.#line.cut();
  }

  change(media: Partial<MediaState>): void {
    this.media = { ...this.media, ...media };
    this.client?.setMedia(this.media);
  }

  rename(name: string): void {
    this.name = name;
    this.client?.rename(name);
  }

  [Symbol.dispose](): void {
    this.leave();
    this.#line[Symbol.dispose]();
  }
}

/** What comes of doing things while one is being thrown out, cut off or succeeded; anything else is a fault. */
function expected(error: unknown): void {
  const codes = [
    'closed',
    'not-host',
    'no-such-peer',
    'peer-away',
    'in-lobby',
    'room-full',
    'removed',
    'turned-away',
  ];
  if (!(error instanceof RoomError) || !codes.includes(error.code)) throw error;
}

type Action = (people: readonly Person[], chance: () => number) => unknown;

const one = <T>(of: readonly T[], chance: () => number): T => of[Math.floor(chance() * of.length)]!;
const flip = (chance: () => number) => chance() < 0.5;
/** A request of whoever is host, if anybody knows to be at the moment. */
const asHost =
  (ask: (host: RoomClient, chance: () => number) => Promise<void> | undefined): Action =>
  (people, chance) =>
    ask(people.find(({ isHost }) => isHost)?.client ?? new RoomClient(), chance)?.catch(expected);
const somebody = <T>(
  { members }: RoomClient,
  chance: () => number,
  ask: (peer: PeerId) => T,
): T | undefined => (members.size > 0 ? ask(one([...members.keys()], chance)) : undefined);

/** What can happen, and how often beside the others. */
const actions: Readonly<Record<string, readonly [often: number, action: Action]>> = {
  join: [4, (people, chance) => one(people, chance).join()],
  leave: [1, (people, chance) => one(people, chance).leave()],
  cut: [1, (people, chance) => one(people, chance).cut()],
  reload: [1, (people, chance) => one(people, chance).reload()],
  reconnect: [1, (people, chance) => void one(people, chance).client?.reconnect().catch(expected)],
  mute: [2, (people, chance) => one(people, chance).change({ muted: flip(chance) })],
  share: [2, (people, chance) => one(people, chance).change({ screen: flip(chance), camera: flip(chance) })],
  record: [1, (people, chance) => one(people, chance).change({ recording: flip(chance) })],
  hand: [2, (people, chance) => one(people, chance).client?.raiseHand(flip(chance))],
  rename: [
    2,
    (people, chance) => one(people, chance).rename(`${one(names, chance)} ${Math.floor(chance() * 100)}`),
  ],
  lobby: [1, asHost((host, chance) => host.setLobby(flip(chance)))],
  admit: [3, asHost((host) => host.lobby.waiting[0] && host.admit(host.lobby.waiting[0].peer))],
  'turn away': [1, asHost((host) => host.lobby.waiting[0] && host.turnAway(host.lobby.waiting[0].peer))],
  pass: [3, asHost((host, chance) => somebody(host, chance, (peer) => host.passHost(peer)))],
  'hand down': [1, asHost((host, chance) => somebody(host, chance, (peer) => host.takeHandDown(peer)))],
  remove: [1, asHost((host, chance) => somebody(host, chance, (peer) => host.remove(peer)))],
};
const deck = Object.entries(actions).flatMap(([name, [often]]) => Array.from({ length: often }, () => name));

/** The roster as one of them has it, themselves included. */
const rosterOf = (client: RoomClient): Member[] =>
  [client.self!, ...client.members.values()].toSorted((a, b) => (a.peer < b.peer ? -1 : 1));

async function play(server: TestServer, seed: number, restartAt: number): Promise<void> {
  const chance = random(seed);
  const done: string[] = [];
  const people: Person[] = [];
  try {
    for (const name of names) people.push(new Person(name, await openLine(server.port)));
    people.forEach((person) => person.join());
    for (let index = 0; index < ACTIONS; index++) {
      const name = one(deck, chance);
      done.push(name);
      await actions[name]![1](people, chance);
      if (index === restartAt) await server.restart();
      if (chance() < 0.4) await sleep(Math.floor(chance() * 20));
      // Whoever joins anew reads the whole roster, which hides at the end what was missed before.
      if (index % 40 === 39) await agree(people);
    }
    await gather(people);
    await agree(people);
    const roster = rosterOf(people[0]!.client!);
    expect(roster.map(({ peer }) => peer)).toEqual(people.map(({ client }) => client!.self!.peer).toSorted());
    expect(roster.filter(({ role }) => role === 'host')).toHaveLength(1);
    for (const { client, name, media, faults } of people) {
      expect(roster.find(({ peer }) => peer === client!.self!.peer)).toMatchObject({
        name,
        media,
        away: false,
      });
      expect(faults).toEqual([]);
    }
    const health = (await (await fetch(`${server.url}healthz`)).json()) as object;
    expect(health).toMatchObject({ rooms: 1, peers: names.length });
  } catch (error) {
    throw new Error(`seed ${seed}, after: ${done.join(', ')}`, { cause: error });
  } finally {
    for (const person of people) person[Symbol.dispose]();
  }
}

/** All who are in the meeting see the same, and nobody who is not. After a restart its window has to pass. */
async function agree(people: readonly Person[]): Promise<void> {
  const fits = () => {
    const there = people.filter(({ isIn }) => isIn).map(({ client }) => client!);
    const inside = there.filter(({ state }) => state.state === 'joined');
    return (
      there.every(({ state }) => state.state === 'joined' || state.state === 'waiting') &&
      new Set(inside.map((client) => JSON.stringify(rosterOf(client)))).size <= 1 &&
      inside.every(({ members }) => members.size === inside.length - 1)
    );
  };
  await until(fits, 'one roster', 20_000);
}

/** Everybody who is out joins, the lobby is opened, and nothing is under way any more. */
async function gather(people: readonly Person[]): Promise<void> {
  const settled = ({ client, name, media }: Person) =>
    client?.state.state === 'joined' &&
    client.members.size === people.length - 1 &&
    !client.lobby.on &&
    [...client.members.values()].every(({ away }) => !away) &&
    client.self?.name === name &&
    JSON.stringify(client.self.media) === JSON.stringify(media);
  await until(
    () => {
      for (const person of people) person.join();
      const host = people.find(({ isHost }) => isHost)?.client;
      if (host?.lobby.on) host.setLobby(false).catch(expected);
      return people.every(settled);
    },
    'everybody in one meeting',
    25_000,
  );
}

test.each([2, 3])(
  'two hundred random actions of six people end in one roster (seed %i)',
  async (seed) => {
    await using server = await serve({ graceMs: 400, restoringMs: 2_000 });
    await play(server, seed, -1);
  },
  90_000,
);

test('and with a restart of the server in the middle', async () => {
  await using server = await serve({ graceMs: 2_000, restoringMs: 4_000 });
  await play(server, 4, ACTIONS / 2);
}, 90_000);
