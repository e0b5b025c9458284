/** What crosses our STUN/TURN server, as the page to which it belongs shows it. */
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from 'playwright/test';
import type { LabSession } from '../../src/lab-kit/session.ts';
import type { IceServersOptions } from '../../src/rtc/ice/servers.ts';
import { decodeMessage } from '../../src/protocol/stun/message.ts';
import { titleOf } from '../../src/rtc/stun/summary.ts';
import type { Entry } from '../../src/rtc/timeline.ts';
import { expect, test, type LabDriver, type TimelineDriver } from '../support/lab.ts';

type Pane = HTMLElement & { load(): Promise<LabSession> };

/** Gives the lab on the page our servers, and the panel of the wire. */
async function withServers(
  page: Page,
  configuration: { readonly iceTransportPolicy?: RTCIceTransportPolicy } & IceServersOptions,
): Promise<void> {
  await page.evaluate(
    async ({ iceTransportPolicy = 'all', ...options }) => {
      const session = await document.querySelector<Pane>('lab-pane')!.load();
      const { definition } = session;
      const servers = new Map<string, RTCIceServer[]>();
      const run = definition.run.bind(definition);
      Object.assign(session.faults!.board, {
        configure: (peer: string, given: RTCConfiguration) => ({
          ...given,
          iceTransportPolicy,
          iceServers: servers.get(peer) ?? [],
        }),
      });
      Object.assign(definition, {
        panels: [...definition.panels, 'wire'],
        run: async (bench: Parameters<typeof run>[0]) => {
          for (const { self } of bench.seats) servers.set(self, await bench.iceServers(self, options));
          await run(bench);
        },
      });
    },
    { ...configuration },
  );
}

async function run(
  lab: LabDriver,
  page: Page,
  id: string,
  configuration: Parameters<typeof withServers>[1],
): Promise<TimelineDriver> {
  await lab.open(id);
  await withServers(page, configuration);
  return lab.start();
}

const titles = (entries: readonly Entry[], peer: string): string[] =>
  entries.flatMap((entry) => {
    if (entry.kind !== 'wire-message' || entry.peer !== peer) return [];
    const message = decodeMessage(Buffer.from(entry.bytes, 'base64'));
    return [`${entry.way} ${message ? titleOf(message) : 'nothing'}`];
  });
const isInOrder = (all: readonly string[], wanted: readonly string[]): boolean => {
  let at = -1;
  return wanted.every((one) => (at = all.indexOf(one, at + 1)) >= 0);
};

test('a relayed call is seen from the first Allocate to the channel, in ladder and panel', async ({
  lab,
  page,
}) => {
  const timeline = await run(lab, page, 'first-call', { iceTransportPolicy: 'relay', transports: ['udp'] });
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  const wanted = [
    'received Allocate request',
    'sent Allocate error 401',
    'received Allocate request',
    'sent Allocate success',
    'received CreatePermission request',
    'sent CreatePermission success',
    'received ChannelBind request',
    'sent ChannelBind success',
  ];
  for (const peer of ['alice', 'bob'])
    await expect.poll(async () => isInOrder(titles(await timeline.entries(), peer), wanted)).toBe(true);
  await expect.poll(async () => (await channelData(timeline)) > 20).toBe(true);
  await page.locator('lab-pane [data-run]').click(); // the record stays

  await page.getByRole('tab', { name: 'Messages' }).click();
  const ladder = page.getByRole('listbox', { name: 'Message ladder' });
  await expect(page.locator('.ps-heads')).toContainText('STUN');
  await ladder.focus();
  await page.keyboard.press('Home');
  await downTo(ladder, 'the STUN/TURN server to alice: Allocate error 401');

  // The panel shows the moment that the ladder shows.
  await page.getByRole('tab', { name: 'STUN/TURN' }).click();
  const message = page.getByRole('region', { name: 'Allocate error 401' });
  await expect(message).toContainText('The server opens no relayed address, or not yet.');
  const fields = message.getByRole('listbox', { name: 'Fields' });
  await fields.focus();
  await downTo(fields, 'ERROR-CODE 401');
  const marked = message.locator('.ps-byte-digits [data-marked]');
  expect((await marked.allTextContents()).join(' ')).toMatch(/^00 09 00 .. 00 00 04 01 /);
  await expect(message.locator('.ps-wire-explanation')).toContainText('The server wants to know who asks.');
  await expect(message.getByRole('link', { name: 'RFC 8489 §14.8' })).toHaveAttribute(
    'href',
    'https://www.rfc-editor.org/rfc/rfc8489#section-14.8',
  );
  await message.getByRole('listbox', { name: 'Bytes' }).focus();
  await page.keyboard.press('Home');
  await expect(message.locator('.ps-wire-explanation')).toContainText('Message type');
  const { violations } = await new AxeBuilder({ page }).include('.ps-wire').analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);

  await lab.focus(null);
  const table = page.locator('.ps-allocations');
  // Where a browser finds its network a second time it allocates a second time: what is used has a channel.
  const used = table.locator('.ps-allocation').filter({ hasText: /0x40\d\d = / });
  await expect(used).toHaveCount(2);
  await expect(used.first()).toContainText(/lifetime [1-9]\d* min/);
});

/** Presses the arrow key until the chosen row says so. */
async function downTo(list: Locator, words: string): Promise<void> {
  const chosen = list.locator('[aria-selected=true]');
  for (let step = 0; step < 200; step++) {
    await list.press('ArrowDown');
    if ((await chosen.textContent())?.includes(words)) return;
  }
  await expect(chosen).toContainText(words);
}

/** How many packets have crossed as ChannelData. */
async function channelData(timeline: TimelineDriver): Promise<number> {
  const last = (await timeline.entries()).findLast((entry) => entry.kind === 'allocations');
  return last?.kind === 'allocations'
    ? last.list.reduce((sum, { channelDataToClient: { packets } }) => sum + packets, 0)
    : 0;
}

test('a relayed call of this browser is seen, and nothing of it by another page @firefox', async ({
  lab,
  page,
  context,
}) => {
  const other = await context.newPage();
  await other.goto('/labs/trickle-ice/');
  await withServers(other, { transports: ['stun'] });
  await other.locator('lab-pane [data-run]').click();

  const timeline = await run(lab, page, 'trickle-ice', { iceTransportPolicy: 'relay', transports: ['udp'] });
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  const wanted = ['sent Allocate error 401', 'sent Allocate success', 'sent CreatePermission success'];
  for (const peer of ['alice', 'bob'])
    await expect.poll(async () => isInOrder(titles(await timeline.entries(), peer), wanted)).toBe(true);
  const seenThere = await other.evaluate(async () => {
    const session = await document.querySelector<Pane>('lab-pane')!.load();
    return session.entries.value.list.filter(({ kind }) => kind === 'wire-message' || kind === 'allocations');
  });
  expect(new Set(seenThere.flatMap((entry) => titles([entry], entry.peer)))).not.toContain(
    'sent Allocate success',
  );
  expect(seenThere.filter((entry) => entry.kind === 'allocations' && entry.list.length > 0)).toEqual([]);
});

test('a Binding request’s answer is there, by the port of the candidate, without any user name', async ({
  lab,
  page,
}) => {
  const timeline = await run(lab, page, 'trickle-ice', { transports: ['stun'] });
  for (const peer of ['alice', 'bob'])
    await expect
      .poll(async () => titles(await timeline.entries(), peer))
      .toEqual(expect.arrayContaining(['received Binding request', 'sent Binding success']));
  const entries = await timeline.entries();
  const ports = entries.flatMap((entry) =>
    entry.kind === 'candidate' && entry.peer === 'alice' && entry.side === 'local'
      ? [entry.candidate.split(' ')[5]]
      : [],
  );
  const asked = entries.find(
    (entry) => entry.kind === 'wire-message' && entry.peer === 'alice' && entry.way === 'received',
  );
  expect(ports).toContain(asked?.kind === 'wire-message' ? asked.source.split(':').at(-1) : '');
});
