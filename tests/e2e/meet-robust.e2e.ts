import type { Browser, BrowserContext } from 'playwright/test';
import { expect, test as base } from '../support/lab.ts';
import { Gathering } from '../support/meet.ts';
import { Participant } from '../support/meeting.ts';
import { Server } from '../support/server.ts';

interface Fixtures {
  /** How long the server keeps the seat of somebody who is away, in milliseconds. */
  graceMs: number;
  own: Server;
  enter: (...names: string[]) => Promise<Participant[]>;
}

/** A server of the test's own, and rooms full of participants in browsers of their own. */
const test = base.extend<Fixtures>({
  graceMs: [10_000, { option: true }],
  own: async ({ graceMs }, use) => {
    await using server = await new Server({ GRACE_MS: String(graceMs) }).start();
    await use(server);
  },
  enter: async ({ browser, own }, use) => {
    const contexts: BrowserContext[] = [];
    await use((...names) => Promise.all(names.map((name) => seatIn(browser, own.url, name, contexts))));
    await Promise.all(contexts.map((context) => context.close()));
  },
});

async function seatIn(browser: Browser, url: string, name: string, contexts: BrowserContext[]) {
  const context = await browser.newContext();
  contexts.push(context);
  return Participant.open(context, url, name);
}

const joinAll = (all: readonly Participant[]) => Promise.all(all.map((one) => one.join({ sound: false })));
const seeAll = (all: readonly Participant[]) =>
  Promise.all(all.map((one) => one.untilPictures(all.length - 1)));
const note = (description: string) => test.info().annotations.push({ type: 'measured', description });

/** Which connection of each link it is: the same numbers later mean that nothing was rebuilt. */
const connections = async (all: readonly Participant[]) =>
  Promise.all(all.map(async (one) => (await one.see()).map(({ connection }) => connection)));

test.describe(() => {
  // Somebody crashes, and nobody waits long for them.
  test.use({ graceMs: 3_000 });
  test('six people: everyone sees everyone, a reload and a late one included; who leaves or crashes is gone', async ({
    enter,
  }) => {
    const six = await enter('alice', 'bob', 'carol', 'dave', 'erin', 'frank');
    const beginMs = performance.now();
    await joinAll(six);
    await seeAll(six);
    note(`six pages see each other after ${Math.round(performance.now() - beginMs)} ms`);
    const [alice, bob, carol, dave, erin, frank] = six as [
      Participant,
      Participant,
      Participant,
      Participant,
      Participant,
      Participant,
    ];
    const whose = await alice.page.evaluate(() =>
      globalThis.seat.see().map(({ peer, name }) => [name.slice(0, 5), globalThis.seat.whose(peer)]),
    );
    for (const [name, tag] of whose) expect(tag).toBe(name);

    await dave.page.evaluate(() => globalThis.seat.leave());
    await erin.page.context().close(); // no goodbye: as a crash
    await frank.page.reload();
    await frank.join({ sound: false });
    const three = [alice, bob, carol];
    for (const one of three) {
      await one.untilTold('dave left: left');
      await one.untilTold('erin away');
      await one.untilTold('erin left: timeout');
      const others = [...three, frank].filter((other) => other !== one);
      await one.untilRoster(...others.map(({ name }) => `${name} connected`));
    }
    await seeAll([...three, frank]);
  });
});

test('a server that is killed and started again: pictures go on, the roster heals, nobody is called anew', async ({
  own,
  enter,
}) => {
  const three = await enter('alice', 'bob', 'carol');
  await joinAll(three);
  await seeAll(three);
  const before = await connections(three);

  await own.kill();
  for (const one of three) await one.untilTold('reconnecting');
  await seeAll(three);
  await own.start();
  const beginMs = performance.now();
  await Promise.all(three.map((one) => one.untilJoined(2)));
  for (const one of three)
    await one.untilRoster(...three.filter((other) => other !== one).map(({ name }) => `${name} connected`));
  note(`everybody is back ${Math.round(performance.now() - beginMs)} ms after the restart of the server`);
  await seeAll(three);
  expect(await connections(three)).toEqual(before);
  for (const one of three) expect((await one.told()).filter((word) => /left|reset/.test(word))).toEqual([]);
  const health = await (await fetch(`${own.url}/healthz`)).json();
  expect(health).toMatchObject({ rooms: 1, peers: 3 });
});

test('a server that hangs for five seconds: pictures go on, and all are in the room when it answers', async ({
  own,
  enter,
}) => {
  const two = await enter('alice', 'bob');
  await joinAll(two);
  await seeAll(two);
  const before = await connections(two);
  own.pause();
  for (let second = 0; second < 5; second++) {
    await new Promise((resolve) => setTimeout(resolve, 800));
    await seeAll(two);
  }
  own.resume();
  const [alice, bob] = two as [Participant, Participant];
  await alice.untilRoster('bob connected');
  await bob.untilRoster('alice connected');
  await bob.page.evaluate(() => globalThis.seat.share(true));
  await alice.untilPictures(1, 'screen');
  expect(await connections(two)).toEqual(before);
});

test.describe(() => {
  // A client whose socket was closed returns within 4 s: it spreads, lest a crowd come at once.
  test.use({ graceMs: 8_000 });
  test('a socket that is cut: within the grace period the seat is kept, after it a new one is taken @firefox', async ({
    enter,
  }) => {
    const two = await enter('alice', 'bob');
    const [alice, bob] = two as [Participant, Participant];
    let isCut = false;
    const cut: (() => void)[] = [];
    await bob.page.routeWebSocket(/socket\.io/, (socket) => {
      // Once it is open: what is closed before never tells its page.
      if (isCut) return void setTimeout(() => void socket.close({ code: 4000 }), 50);
      const server = socket.connectToServer();
      cut.push(() => {
        void server.close();
        void socket.close({ code: 4000 });
      });
    });
    await joinAll(two);
    await seeAll(two);
    const before = await connections(two);
    const cutNow = () => {
      for (const close of cut.splice(0)) close();
    };

    cutNow();
    await alice.untilTold('bob away');
    await bob.untilJoined(2);
    await alice.untilRoster('bob connected');
    await seeAll(two);
    expect(await connections(two)).toEqual(before);

    isCut = true;
    cutNow();
    await alice.untilTold('bob left: timeout');
    await alice.untilRoster();
    isCut = false;
    await bob.untilTold('reset');
    await alice.untilRoster('bob connected');
    await bob.untilRoster('alice connected');
    await seeAll(two);
  });
});

test('a server that is not there yet is waited for; two people of one name are two', async ({
  own,
  enter,
}) => {
  const [first, second] = (await enter('ann', 'ann')) as [Participant, Participant];
  await own.stop();
  await first.join({ sound: false, waits: false });
  await first.untilTold('connecting');
  await own.start();
  await first.untilTold('joined');
  await second.join({ sound: false });
  await seeAll([first, second]);
  await first.untilRoster('ann connected');
  const [one] = await first.see();
  const [other] = await second.see();
  expect(one?.peer).not.toBe(other?.peer);
});

test('two share their screens in the same moment, and a third sees both', async ({ enter }) => {
  const three = await enter('alice', 'bob', 'carol');
  const [alice, bob, carol] = three as [Participant, Participant, Participant];
  await joinAll(three);
  await seeAll(three);
  await Promise.all([alice, bob].map(({ page }) => page.evaluate(() => globalThis.seat.share(true))));
  await carol.untilPictures(2, 'screen');
  await alice.untilPictures(1, 'screen');
  await bob.untilPictures(1, 'screen');
});

test('a link that was lost: the ladder brings the picture back, and a new network asks the server first', async ({
  enter,
}) => {
  const two = await enter('alice', 'bob');
  const [alice, bob] = two as [Participant, Participant];
  await joinAll(two);
  await seeAll(two);
  await alice.page.evaluate(() => globalThis.dispatchEvent(new Event('online')));
  await alice.untilTold('network returning');
  await alice.untilTold('network steady');
  expect((await alice.told()).filter((word) => word !== 'bob back').slice(-4)).toEqual([
    'network returning',
    'reconnecting',
    'joined',
    'network steady',
  ]);
  await seeAll(two);
  // Without a word to the other end: its consent checks fail after a while.
  await bob.page.evaluate(() => globalThis.seat.meeting.engine.links.values().next().value?.pc.close());
  await alice.untilRoster('bob connected');
  await expect.poll(async () => (await connections([alice]))[0], { timeout: 40_000 }).toEqual([2]);
  await seeAll(two);
});

test('a page that stood still for six seconds returns to its seat and its paths by itself', async ({
  enter,
}) => {
  const two = await enter('alice', 'bob');
  const [alice, bob] = two as [Participant, Participant];
  await joinAll(two);
  await seeAll(two);
  await bob.page.evaluate(() => {
    const untilMs = performance.now() + 6_000;
    while (performance.now() < untilMs);
  });
  await bob.untilTold('network returning');
  await bob.untilTold('network steady');
  await alice.untilRoster('bob connected');
  await bob.untilRoster('alice connected');
  await seeAll(two);
});

test('on the page: a reload makes no ghost, a lost network is told in words, and Try again calls anew', async ({
  browser,
  server,
}) => {
  await using meeting = new Gathering(browser, server.url);
  const [alice, bob] = await meeting.join('alice', 'bob');
  await alice.untilSees('bob');
  await bob.page.reload();
  await bob.join();
  await alice.untilSees('bob');
  expect(await alice.roster()).toEqual(['bob']);
  await expect(alice.tile('bob')).toHaveCount(1);

  const happens = (event: string) =>
    alice.page.evaluate((name) => void globalThis.dispatchEvent(new Event(name)), event);
  const notice = alice.page.locator('.meet-notice');
  await happens('offline');
  await expect(notice.filter({ hasText: 'This computer is offline' })).toBeVisible();
  await happens('online');
  await expect(notice.filter({ hasText: 'This computer is offline' })).toHaveCount(0);
  await alice.untilGoesOn('bob');

  await alice.withSession((session) => session.people.value[0]?.link?.rebuild(), null);
  await expect(notice.filter({ hasText: 'The connection to bob is back.' })).toBeVisible();
  await alice.untilSees('bob');
  await bob.untilSees('alice');
});

test('Chromium and Firefox in one room see each other @firefox alone', async ({ playwright, enter, own }) => {
  const path = process.env['CHROMIUM_PATH'];
  await using chromium = await playwright.chromium.launch({
    ...(path && { executablePath: path }),
    args: ['--no-sandbox', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required'],
  });
  const [bob] = (await enter('bob')) as [Participant];
  const alice = await seatIn(chromium, own.url, 'alice', []);
  await joinAll([alice, bob]);
  await seeAll([alice, bob]);
  await Promise.all([alice, bob].map(({ page }) => page.evaluate(() => globalThis.seat.share(true))));
  await alice.untilPictures(1, 'screen');
  await bob.untilPictures(1, 'screen');
});
