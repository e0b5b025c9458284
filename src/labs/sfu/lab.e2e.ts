import { expect, test } from '../../../tests/support/lab.ts';

test('one upload for all; a larger tile gets a larger encoding, and who shows nothing is sent nothing @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('sfu', { viewers: '2' });
  for (const peer of ['alice-sfu', 'bob-sfu', 'carol-sfu'])
    await timeline.until({ kind: 'connection-state', peer, state: 'connected' });
  const seenBy = (name: string) => page.locator(`[data-counted="what ${name} sees"] p`);
  for (const viewer of ['bob', 'carol'])
    await expect(seenBy(viewer)).toHaveAttribute('data-whose', 'alice', { timeout: 20_000 });
  // carol has a small tile; made large, the picture grows.
  const before = Number(await seenBy('carol').getAttribute('data-width'));
  await page
    .getByRole('group', { name: 'How carol shows alice' })
    .getByRole('radio', { name: 'large', exact: true })
    .check();
  await expect
    .poll(async () => Number(await seenBy('carol').getAttribute('data-width')), { timeout: 20_000 })
    .toBeGreaterThan(before);
  await page
    .getByRole('group', { name: 'How bob shows alice' })
    .getByRole('radio', { name: 'not on the page' })
    .check();
  await expect(page.locator('[data-out=bob-camera]')).toHaveAttribute('data-forwarding', 'false', {
    timeout: 20_000,
  });
  await expect(page.locator('[data-out=carol-camera]')).toHaveAttribute('data-forwarding', 'true');
  await expect(seenBy('bob')).toHaveText(/stands still/, { timeout: 20_000 });
});
