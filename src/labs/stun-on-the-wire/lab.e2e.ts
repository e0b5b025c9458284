import type { Page } from 'playwright/test';
import { expect, test } from '../../../tests/support/lab.ts';
import type { Entry } from '../../rtc/timeline.ts';

const bobSees = { kind: 'first-frame', peer: 'bob' } as const;
const aliceGathered = { kind: 'end-of-candidates', peer: 'alice', side: 'local' } as const;
const aliceConnected = { kind: 'connection-state', peer: 'alice', state: 'connected' } as const;

/** alice's own candidates over UDP and IPv4: type, address and port, as her browser lists them. */
const listOf = (entries: readonly Entry[]) =>
  entries.flatMap((entry) => {
    if (entry.kind !== 'candidate' || entry.peer !== 'alice' || entry.side !== 'local') return [];
    const [, , protocol, , address = '', port = '', , type = ''] = entry.candidate.split(' ');
    return protocol?.toLowerCase() === 'udp' && !address.includes(':') ? [{ type, address, port }] : [];
  });
const pairOf = (entries: readonly Entry[]) =>
  entries.findLast((entry) => entry.kind === 'selected-candidate-pair' && entry.peer === 'alice');

const state = (page: Page, when: 'before' | 'after') => page.locator(`[data-when=${when}]`);

test('before the camera is allowed the browser hides its address and STUN tells it; after it the srflx candidate is gone @camera', async ({
  lab,
  page,
  context,
}) => {
  const timeline = await lab.run('stun-on-the-wire');
  await timeline.until(bobSees);
  await timeline.until(aliceGathered);
  // A name for the address takes longer than the answer of STUN, and may come last of all.
  const named = ({ type, address }: { type: string; address: string }) =>
    type === 'host' && address.endsWith('.local');
  await expect.poll(async () => listOf(await timeline.entries()).some(named)).toBe(true);
  const before = listOf(await timeline.entries());
  const srflx = before.find(({ type }) => type === 'srflx');
  expect(srflx?.address).toMatch(/^[\d.]+$/);
  expect(before.some(({ type, port }) => type === 'host' && port === srflx?.port)).toBe(true);
  await expect(state(page, 'before')).toContainText(`${srflx?.address}:${srflx?.port}`);
  await expect(state(page, 'before').locator('.found-answers')).toContainText(
    `${srflx?.address}:${srflx?.port}`,
  );

  await context.grantPermissions(['camera']);
  await lab.nextRun(() => page.getByRole('button', { name: 'Allow the camera and run again' }).click());
  await expect(page.getByText('Nothing crosses, so there is no call')).toBeVisible();
  const after = listOf(await timeline.entries());
  expect(new Set(after.map(({ type }) => type))).toEqual(new Set(['host']));
  const host = after.find(({ type }) => type === 'host');
  expect(host?.address).toBe(srflx?.address);
  // The server has answered all the same: with the very address that the browser has dropped.
  await expect(state(page, 'after').locator('.found-answers')).toContainText(
    `${host?.address}:${host?.port}`,
  );
  await expect(state(page, 'after')).toContainText('the browser drops it');
  await expect(state(page, 'before')).toContainText(`${srflx?.address}:${srflx?.port}`);
});

test('through the NAT the srflx candidate has another port, stays, and carries the call @camera @firefox', async ({
  lab,
  page,
  context,
  browserName,
}) => {
  if (browserName === 'chromium') await context.grantPermissions(['camera']);
  const timeline = await lab.run('stun-on-the-wire', { path: 'nat' });
  await timeline.until(bobSees);
  const entries = await timeline.entries();
  const list = listOf(entries);
  const srflx = list.find(({ type }) => type === 'srflx');
  expect(srflx).toBeDefined();
  expect(list.filter(({ type }) => type === 'host').map(({ port }) => port)).not.toContain(srflx?.port);
  await expect(page.getByText('The call runs over what STUN found')).toBeVisible();
  // A check may overtake the message that tells the candidate, or come from behind the NAT: then it is called prflx.
  const [sample] = await timeline.stats('alice', 1);
  expect(sample?.candidatePair?.remote.type).toMatch(/^(srflx|prflx)$/);
  const samples = await timeline.stats('bob', 3);
  const frames = samples.map(
    ({ inbound }) => inbound.find(({ kind }) => kind === 'video')?.framesDecoded ?? 0,
  );
  expect(frames.at(-1)).toBeGreaterThan(frames[0]!);
});

test('a NAT that lets nothing unsolicited in: no check passes, and only a relay carries the call', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('stun-on-the-wire', { path: 'nat-blocked' });
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'failed' }, 30_000);
  expect(listOf(await timeline.entries()).some(({ type }) => type === 'srflx')).toBe(true);
  await expect(page.getByText('What is left is a relay')).toBeVisible();

  const relayed = await lab.run('stun-on-the-wire', { path: 'nat-blocked', relay: 'yes' });
  await relayed.until(aliceConnected, 30_000);
  await relayed.until(bobSees);
  await expect(page.getByText('The call runs over a relay')).toBeVisible();
  expect(pairOf(await relayed.entries())).toMatchObject({
    local: expect.stringContaining('relay'),
    remote: expect.stringContaining('relay'),
  });
});
