import type { Page } from 'playwright/test';
import type { Topology } from '../../src/protocol/middlebox.ts';
import { expect, test as base } from '../support/lab.ts';
import { Participant } from '../support/meeting.ts';
import { Server } from '../support/server.ts';

const LIMIT = { timeout: 40_000, intervals: [250] };
const names = ['alice', 'bob', 'carol', 'dave'];

/** Four participants, each with a seat and connections of its own, in one page. */
class Four {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async join(): Promise<void> {
    await this.page.evaluate(async (all) => {
      globalThis.seats = all.map((name) => new globalThis.Seat(name, { sound: false }));
      for (const seat of globalThis.seats) await seat.join();
    }, names);
    await this.untilSeen();
  }

  /** The host, alice, chooses. */
  async choose(topology: Topology, auto = false): Promise<void> {
    await this.page.evaluate(
      ([to, byItself]) => globalThis.seats[0]?.meeting.room.setRouting({ topology: to, auto: byItself }),
      [topology, auto] as const,
    );
  }

  /** Waits until all have come there, and tells how long nothing new was seen of somebody. */
  async untilSwitched(to: Topology): Promise<void> {
    const last = () => this.page.evaluate(() => globalThis.seats.map(({ switches }) => switches.at(-1)));
    await expect
      .poll(async () => (await last()).map((one) => one?.to), { ...LIMIT, message: `who has come to ${to}` })
      .toEqual(names.map(() => to));
    const gaps = (await last()).flatMap((one) => one?.gaps ?? []).map(([, gap]) => gap);
    const measured = gaps.filter((gap) => gap !== null).toSorted((a, b) => a - b);
    const words = `${measured.length} gaps of ${gaps.length}: median ${measured[measured.length >> 1]} ms, longest ${measured.at(-1)} ms`;
    test.info().annotations.push({ type: 'measured', description: `to ${to}: ${words}` });
  }

  /** Waits until each sees a picture of each of the others that goes on, its own pixels say whose. */
  async untilSeen(): Promise<void> {
    const frames = () =>
      this.page.evaluate(() =>
        globalThis.seats.map((seat) =>
          seat.see().map(({ peer, name }) => [name, seat.whose(peer) ?? '', seat.frame(peer) ?? 0] as const),
        ),
      );
    const before = await frames();
    const goOn = async () =>
      (await frames()).map(
        (seen, viewer) =>
          seen.filter(
            ([name, whose, frame]) =>
              whose === name.slice(0, 5) &&
              frame > (before[viewer]?.find(([before]) => before === name)?.[2] ?? 0),
          ).length,
      );
    await expect
      .poll(goOn, { ...LIMIT, message: 'of how many each sees a picture that goes on' })
      .toEqual([3, 3, 3, 3]);
  }

  /** Waits until each has an open line for words to each of the others. */
  async untilLines(): Promise<void> {
    const open = () =>
      this.page.evaluate(() =>
        globalThis.seats.map(
          ({ meeting }) => [...meeting.engine.lines.values()].filter(({ isOpen }) => isOpen).length,
        ),
      );
    await expect.poll(open, { ...LIMIT, message: 'to how many each has a line' }).toEqual([3, 3, 3, 3]);
  }

  /** Waits until each sees the mixed picture go on. */
  async untilMixed(): Promise<void> {
    const frames = () => this.page.evaluate(() => globalThis.seats.map(({ mixFrames }) => mixFrames));
    const before = await frames();
    await expect
      .poll(async () => (await frames()).map((count, viewer) => count > (before[viewer] ?? 0) + 3), LIMIT)
      .toEqual(names.map(() => true));
  }
}

const test = base.extend<{ own: Server; four: Four }>({
  // oxlint-disable-next-line no-empty-pattern -- a fixture names what it needs, and this one needs nothing
  own: async ({}, use) => {
    await using server = await new Server({ SFU_PORT: '0' }).start();
    await use(server);
  },
  four: async ({ browser, own }, use) => {
    const context = await browser.newContext();
    const { page } = await Participant.open(context, own.url, 'four');
    await Participant.prepare(page);
    const four = new Four(page);
    await four.join();
    await use(four);
    await context.close();
  },
});

test('from a mesh to the SFU, to the mixer and back: nobody drops out, and what was seen goes on', async ({
  four,
}) => {
  test.setTimeout(180_000);
  await four.choose('sfu');
  await four.untilSwitched('sfu');
  await four.untilSeen();
  await four.untilLines();
  await four.choose('mcu');
  await four.untilSwitched('mcu');
  await four.untilMixed();
  await four.untilLines();
  await four.choose('mesh');
  await four.untilSwitched('mesh');
  await four.untilSeen();
  const told = await four.page.evaluate(() => globalThis.seats.flatMap(({ told: all }) => all));
  expect(told.filter((word) => /left|away|reset/.test(word))).toEqual([]);
});

test('a seat at the SFU that ends, and a server that starts anew, are no end of the meeting', async ({
  four,
  own,
}) => {
  test.setTimeout(180_000);
  await four.choose('sfu');
  await four.untilSwitched('sfu');
  // The server lets go of bob's connections, and bob's page finds out by itself.
  await four.page.evaluate(() => globalThis.seats[1]?.meeting.room.ask('middlebox:leave', { kind: 'sfu' }));
  const numbers = () =>
    four.page.evaluate(() => globalThis.seats[1]?.meeting.engine.servers.map(({ number }) => number));
  await expect.poll(numbers, LIMIT).toEqual([2, 2]);
  await four.untilSeen();
  await own.kill();
  await own.start();
  await expect
    .poll(() => four.page.evaluate(() => globalThis.seats.map(({ told }) => told.at(-1))), LIMIT)
    .toEqual(expect.not.arrayContaining(['reconnecting']));
  await four.untilSeen();
  expect(await four.page.evaluate(() => globalThis.seats.map(({ meeting }) => meeting.engine.kind))).toEqual(
    names.map(() => 'sfu'),
  );
});
