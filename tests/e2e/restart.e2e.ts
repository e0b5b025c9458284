import { expect, LabDriver, test } from '../support/lab.ts';
import { readRemoteFrames } from '../support/media.ts';
import { Server } from '../support/server.ts';

test('the server stops and starts during a call: media goes on, both return to the room, nobody is there twice', async ({
  browser,
}) => {
  await using server = await new Server().start();
  await using one = await browser.newContext({ baseURL: server.url });
  await using two = await browser.newContext({ baseURL: server.url });
  const bob = new LabDriver(await one.newPage());
  const alice = new LabDriver(await two.newPage());
  const query = { room: 'restart', arrangement: 'two-devices' };
  await bob.open('first-call', query);
  await bob.untilWaiting();
  await alice.open('first-call', query);
  await bob.timeline.until({ kind: 'first-frame', peer: 'bob' });
  await alice.timeline.until({ kind: 'first-frame', peer: 'alice' });

  await server.stop();
  await bob.timeline.until({ kind: 'presence', state: 'server-lost' });
  await alice.timeline.until({ kind: 'presence', state: 'server-lost' });
  const during = [
    ...(await readRemoteFrames(bob.page, 'bob', 5)),
    ...(await readRemoteFrames(bob.page, 'bob', 5)),
  ];
  expect(during).toEqual(during.toSorted((a, b) => a - b));

  await server.start();
  await bob.timeline.until({ kind: 'presence', state: 'server-back' });
  await alice.timeline.until({ kind: 'presence', state: 'server-back' });
  const health = (await (await fetch(`${server.url}/healthz`)).json()) as { rooms: number; peers: number };
  expect(health).toMatchObject({ rooms: 1, peers: 2 });

  const after = await readRemoteFrames(alice.page, 'alice', 5);
  expect(after.at(-1)).toBeGreaterThan(after[0] ?? Infinity);
  for (const { timeline } of [alice, bob]) {
    expect(await timeline.has({ kind: 'run-ended' })).toBe(false);
    expect(await timeline.has({ kind: 'presence', state: 'left' })).toBe(false);
  }
});

test('a page that cannot reach the server says so, and goes on by itself when the server is there', async ({
  browser,
}) => {
  await using server = await new Server().start();
  await using context = await browser.newContext({ baseURL: server.url });
  const lab = new LabDriver(await context.newPage());
  await lab.open('first-call');
  await lab.page.locator('lab-pane').hover();
  await lab.page.getByRole('combobox', { name: 'Peers' }).selectOption('Two devices');
  await lab.page.waitForLoadState('networkidle');
  await server.stop();
  await lab.page.locator('lab-pane [data-run]').click();
  await expect(lab.page.getByRole('alert')).toContainText('The signaling server does not answer');
  await server.start();
  await lab.untilWaiting();
  await expect(lab.page.getByRole('alert')).toBeHidden();
});
