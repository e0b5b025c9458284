import { expect, test } from '../../../tests/support/lab.ts';
import { readRemoteFrames } from '../../../tests/support/media.ts';

// A fingerprint that does not fit: Firefox says so in its console.
test.use({ mayComplain: [/ICE failed/] });

test('mallory sits between: both see each other’s picture, she sees both, and the words differ @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('signaling-security', { server: 'mallory' });
  for (const peer of ['alice', 'bob', 'fake-alice', 'fake-bob'])
    await timeline.until({ kind: 'first-frame', peer });
  // What bob decodes is alice's picture, twice encoded; its counter goes on.
  const frames = await readRemoteFrames(page, 'bob', 4);
  expect(frames.at(-1)).toBeGreaterThan(frames[0] ?? Infinity);
  const panel = page.getByRole('region', { name: 'Who is there?' });
  await expect(panel.locator('.security-verdict')).toContainText('somebody sits between');
  const read = (peer: string) => panel.locator(`[data-peer=${peer}] .security-words`).innerText();
  expect(await read('alice')).not.toBe(await read('bob'));
  for (const peer of ['alice', 'bob'])
    expect(await timeline.has({ kind: 'connection-state', peer, state: 'connected' })).toBe(true);
});

test('an honest server: the same words at both ends; one changed digit: no call @firefox', async ({
  lab,
  page,
}) => {
  const honest = await lab.run('signaling-security', { server: 'honest' });
  await honest.until({ kind: 'connection-state', peer: 'bob', state: 'connected' });
  const verdict = page.locator('.security-verdict');
  await expect(verdict).toContainText('The same words');
  const swapped = await lab.run('signaling-security', { server: 'swaps' });
  await swapped.until({ kind: 'connection-state', peer: 'bob', state: 'failed' });
  await expect(verdict).toContainText('Other words, and no call');
});

test('nine ways to cheat the server of this site come to nothing', async ({ lab, page }) => {
  await lab.open('signaling-security');
  await page.locator('lab-pane').hover();
  const tries = page.getByRole('region', { name: 'Cheating this site’s server' });
  await tries.getByRole('button', { name: 'Try nine ways' }).click();
  await expect(tries.getByRole('status')).toHaveText('9 of 9 came to nothing.', { timeout: 20_000 });
  const answers: [id: string, says: RegExp][] = [
    ['forged', /bad-request: .*from/],
    ['stamped', /mallory’s own id/],
    ['across', /no-such-peer/],
    ['outside', /not-in-room/],
    ['unknown-key', /bad-request: .*admin/],
    ['name', /bad-request: name/],
    ['seat', /resumed: false/],
    ['oversize', /too-large/],
    ['flood', /100 refused|\d+ refused: rate-limited/],
  ];
  for (const [id, says] of answers) await expect(tries.locator(`[data-try=${id}]`)).toContainText(says);
});
