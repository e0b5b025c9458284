import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from 'playwright/test';
import { expect, test } from '../support/lab.ts';
import { Gathering, type Participant } from '../support/meet.ts';

const slow = { timeout: 30_000 };

/** Opens the drawer of a participant with the key. */
async function inspect({ page }: Participant): Promise<Locator> {
  await page.keyboard.press('i');
  const drawer = page.getByRole('dialog', { name: 'Inspect this meeting' });
  await expect(drawer).toBeVisible(slow);
  return drawer;
}

const show = (drawer: Locator, view: 'Connections' | 'Topology' | 'Cost') =>
  drawer.getByRole('radio', { name: view, exact: true }).check();

const choose = (drawer: Locator, name: string) =>
  drawer.getByRole('list', { name: 'Connections' }).getByRole('button', { name }).click();

/** `ice-ufrag` of one end's own description, as its connection to somebody says. */
const ufragOf = (one: Participant, other: string) =>
  one.withSession(
    (session, name) =>
      /a=ice-ufrag:(\S+)/.exec(
        session.people.value.find(({ member }) => member.name === name)?.link?.pc.localDescription?.sdp ?? '',
      )?.[1] ?? '',
    other,
  );

/** What all connections of a participant send, in bits per second, by their own counters. */
const upstreamOf = (one: Participant) =>
  one.withSession(async (session) => {
    const bytes = async () => {
      let sum = 0;
      for (const { link } of session.people.value)
        for (const stat of (await link!.pc.getStats()).values() as Iterable<{
          type: string;
          bytesSent: number;
        }>)
          if (stat.type === 'transport') sum += stat.bytesSent;
      return sum;
    };
    const [before, startMs] = [await bytes(), performance.now()];
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    return (8_000 * ((await bytes()) - before)) / (performance.now() - startMs);
  }, null);

test('each connection is looked into by itself, and the cost of all of them is what they say themselves', async ({
  browser,
  server,
}) => {
  await using meeting = new Gathering(browser, server.url);
  const [alice, bob, carol] = await meeting.join('alice', 'bob', 'carol');
  await alice.untilSees('bob', 'carol');
  const drawer = await inspect(alice);
  await expect(drawer.getByRole('button', { name: /^bob connected/ })).toBeVisible(slow);

  // The cost meter says what the connections say when they are asked beside it.
  await show(drawer, 'Cost');
  const figure = (name: string) => drawer.locator(`[data-figure=${name}] td`).first().textContent();
  await expect.poll(() => figure('connections'), slow).toBe('2');
  await expect.poll(() => figure('encoders'), slow).toBe('2');
  /** What is shown by what is measured here, in seconds that are not the same ones. */
  const ratio = async () => {
    const bps = await upstreamOf(alice);
    const [, value, unit] = /([\d.]+) ([kM])bit/.exec((await figure('upstreamBps')) ?? '') ?? [];
    return (Number(value) * (unit === 'M' ? 1_000_000 : 1_000)) / bps;
  };
  await expect.poll(async () => Math.abs(Math.log2(await ratio())), slow).toBeLessThan(1);
  await expect(drawer.locator('[data-formula]')).toContainText('mean of the 2 links measured');
  await show(drawer, 'Connections');

  await choose(drawer, 'carol');
  await drawer.getByRole('tab', { name: 'SDP' }).click();
  const sdp = drawer.getByRole('tabpanel');
  await expect(sdp).toContainText(await ufragOf(alice, 'carol'));
  await expect(sdp).toContainText(await ufragOf(carol, 'alice'));
  await expect(sdp).not.toContainText(await ufragOf(bob, 'alice'));

  // What is to go wrong with bob's candidates does so on his connection alone.
  await choose(drawer, 'bob');
  await drawer.getByRole('tab', { name: 'Faults' }).click();
  await alice.withSession((session) => {
    const link = session.people.value.find(({ member }) => member.name === 'bob')?.link;
    if (link) link.board.plan = { seed: 1, rules: [{ message: 'candidate', fault: { do: 'duplicate' } }] };
  }, null);
  await drawer.getByRole('button', { name: 'Restart ICE' }).click();
  await expect(drawer.getByRole('region', { name: 'What was done' })).toContainText(/candidate/, slow);
  await choose(drawer, 'carol');
  await drawer.getByRole('button', { name: 'Restart ICE' }).click();
  const faultsOf = (name: string) =>
    alice.withSession(
      (session, wanted) =>
        session.people.value
          .find(({ member }) => member.name === wanted)
          ?.link?.bench.timeline.entries.filter((entry) => entry.kind === 'fault').length,
      name,
    );
  await expect.poll(() => ufragOf(alice, 'carol'), slow).not.toBe('');
  expect(await faultsOf('bob')).toBeGreaterThan(1);
  expect(await faultsOf('carol')).toBe(0);

  await drawer.getByRole('button', { name: 'New connection' }).click();
  const records = drawer.getByRole('combobox', { name: 'Which connection is shown' });
  await expect(records.getByRole('option')).toHaveText(
    ['connection 2, now', /^connection 1, ended \d/],
    slow,
  );
  await drawer.getByRole('tab', { name: 'States' }).click();
  await expect(drawer.getByRole('button', { name: /^carol connected/ })).toBeVisible(slow);
  await records.selectOption('1');
  await drawer.getByRole('tab', { name: 'Faults' }).click();
  await expect(drawer.getByRole('tabpanel')).toContainText('Nothing was set to go wrong');
  await alice.untilGoesOn('carol');
});

test('on a phone the drawer has the whole screen, and axe finds nothing serious in it', async ({
  browser,
  server,
}) => {
  await using meeting = new Gathering(browser, server.url);
  const alice = await meeting.open('alice', { viewport: { width: 390, height: 844 } });
  await alice.join();
  await meeting.join('bob');
  await alice.untilSees('bob');
  const drawer = await inspect(alice);
  for (const view of ['Connections', 'Topology', 'Cost'] as const) {
    await show(drawer, view);
    await expect(drawer.locator('.meet-drawer-body')).toHaveAttribute('data-view', view.toLowerCase());
    expect(await widthOf(alice.page)).toBeLessThanOrEqual(390);
    const { violations } = await new AxeBuilder({ page: alice.page }).include('.meet-drawer').analyze();
    expect(
      violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => [id, nodes[0]?.html]),
    ).toEqual([]);
  }
  await alice.page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
});

const widthOf = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth);
