import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../support/lab.ts';
import { Gathering, type Participant } from '../support/meet.ts';

const slow = { timeout: 30_000 };

/** Of the camera of somebody: what has come in until now. */
const incoming = (viewer: Participant, name: string) =>
  viewer.withSession(async ({ people, servers }, wanted) => {
    const person = people.value.find(({ member }) => member.name === wanted);
    const receivers = servers.value.flatMap(({ pc }) => pc.getReceivers());
    const receiver = receivers.find(({ track }) => track === person?.tracks.camera);
    for (const stat of (await receiver?.getStats())?.values() ?? [])
      if (stat.type === 'inbound-rtp')
        return { bytes: Number(stat.bytesReceived ?? 0), width: Number(stat.frameWidth ?? 0) };
    return { bytes: 0, width: 0 };
  }, name);

/** What the server says of the picture of somebody for this page. */
const forwarded = (viewer: Participant, name: string) =>
  viewer.withSession(({ people, self, table }, wanted) => {
    const from = people.value.find(({ member }) => member.name === wanted)?.peer;
    const output = table.value?.outputs.find(
      (one) => one.from === from && one.to === self.value?.peer && one.source === 'camera',
    );
    return output ? `${output.forwarding} ${output.reason}` : 'no line';
  }, name);

/** How many bytes of the picture of somebody come in a second. */
async function bytesInASecond(viewer: Participant, name: string): Promise<number> {
  const before = await incoming(viewer, name);
  await viewer.page.waitForTimeout(1_000);
  return (await incoming(viewer, name)).bytes - before.bytes;
}

test('the host takes the meeting to the SFU with the keyboard alone; who is off the page is not forwarded, and what is shown large comes larger @camera', async ({
  browser,
  server,
}) => {
  test.setTimeout(180_000);
  await using meeting = new Gathering(browser, server.url);
  // Room for two of the three tiles: our own is on the second page.
  const alice = await meeting.open('alice', { viewport: { width: 560, height: 360 } });
  await alice.join();
  const [bob] = await meeting.join('bob');
  // Large enough for a sender to have smaller layers beside it.
  await bob.page.context().grantPermissions(['camera']);
  await bob.withSession(async ({ media }) => {
    await media.openCamera({});
    await media.tracks.camera?.applyConstraints({ width: 960, height: 540, frameRate: 15 });
  }, null);
  const { page } = alice;
  await page.keyboard.press('t');
  const dialog = page.getByRole('dialog', { name: 'How the media travel' });
  const status = dialog.getByRole('status');
  await expect(status).toContainText('In use: Mesh.');
  await dialog.getByRole('radio', { name: /^Mesh/ }).focus();
  await page.keyboard.press('ArrowDown');
  const sfu = dialog.getByRole('radio', { name: /^SFU/ });
  await expect(sfu).toBeChecked();
  await expect(sfu).toHaveAccessibleDescription(/The server has the keys/);
  // What is told is in sight for a few seconds only.
  const told = expect(bob.page.getByText('alice has chosen it: the media go through the SFU')).toBeVisible(
    slow,
  );
  await page.keyboard.press('Enter');
  await told;
  await expect(status).toContainText('In use: SFU. The host has chosen it.', slow);
  await expect(status).toContainText(/from Mesh to SFU, took .* Pictures stood still: bob/, slow);
  await page.keyboard.press('Escape');

  await alice.withSession((session) => void session.watch(), null);
  await page.getByRole('toolbar').getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name: 'Add one in this browser' }).click();
  await page.keyboard.press('Escape');
  const next = page.getByRole('button', { name: 'Next page' });
  await expect(next).toBeVisible(slow);
  await expect.poll(async () => (await incoming(alice, 'bob')).width, slow).toBeGreaterThan(0);
  await expect.poll(() => bytesInASecond(alice, 'bob'), slow).toBeGreaterThan(2_000);

  await next.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => forwarded(alice, 'bob'), slow).toBe('false not-shown');
  await expect.poll(() => bytesInASecond(alice, 'bob'), slow).toBeLessThan(500);
  await page.getByRole('button', { name: 'Previous page' }).click();
  await expect.poll(() => forwarded(alice, 'bob'), slow).toMatch(/^true/);
  await expect.poll(() => bytesInASecond(alice, 'bob'), slow).toBeGreaterThan(2_000);
  const { width: small } = await incoming(alice, 'bob');

  await page.setViewportSize({ width: 1200, height: 800 });
  const tile = alice.tile('bob');
  await tile.getByRole('button', { name: 'More for bob' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Pin: keep it large' }).press('Enter');
  await expect(tile).toHaveAttribute('data-large');
  await expect.poll(async () => (await incoming(alice, 'bob')).width, slow).toBeGreaterThanOrEqual(2 * small);

  await page.keyboard.press('i');
  const drawer = page.getByRole('dialog', { name: 'Inspect this meeting' });
  // The last of the views: backwards from the first.
  await expect(drawer.getByRole('radio', { name: 'Connections' })).toBeFocused(slow);
  await page.keyboard.press('ArrowLeft');
  await expect(drawer.getByRole('row', { name: /bob.*you.*camera/ })).toBeVisible(slow);
  const { violations } = await new AxeBuilder({ page }).include('.meet-drawer').analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(grave.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
});
