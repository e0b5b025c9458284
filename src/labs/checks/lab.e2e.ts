import { expect, test } from '../../../tests/support/lab.ts';

test('alice, who offers, is controlling; bob is controlled', async ({ lab, page }) => {
  const timeline = await lab.run('checks');
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  const now = page.getByRole('region', { name: 'Checks now' });
  await expect(now.locator('h2', { hasText: 'alice' })).toContainText('is controlling');
  await expect(now.locator('h2', { hasText: 'bob' })).toContainText('is controlled');
});

test('bob tells no candidate: alice learns him from a check, as prflx @firefox', async ({ lab }) => {
  const timeline = await lab.run('checks', { candidates: 'one' });
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  const pair = await timeline.until({ kind: 'selected-candidate-pair', peer: 'alice' });
  expect(pair.remote).toContain('prflx');
});

test('answers stop: both say disconnected; mended in time, the call comes back by itself', async ({
  lab,
  page,
}) => {
  test.setTimeout(90_000);
  const timeline = await lab.run('checks', { path: 'relay' });
  for (const peer of ['alice', 'bob'])
    await timeline.until({ kind: 'connection-state', peer, state: 'connected' });
  await page.getByRole('button', { name: 'Stop the answers' }).click();
  await timeline.until({ kind: 'ice-connection-state', peer: 'alice', state: 'disconnected' }, 20_000);
  const story = page.locator('.consent-story');
  await expect(story).toContainText('The path is cut');
  await page.getByRole('button', { name: 'Mend the path' }).click();
  await expect(story.locator('[data-what=connected], [data-what=completed]').first()).toBeVisible({
    timeout: 20_000,
  });
  await expect(page.locator('.ends-one dd[data-state=disconnected]')).toHaveCount(0, { timeout: 20_000 });
});
