import { expect, test } from '../../../tests/support/lab.ts';

test('a picture goes on from viewer to viewer, each answers for itself, and who stands behind one that leaves is in the dark @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('relay-tree', { shape: 'tree', people: '4' });
  for (const peer of ['bob-alice', 'carol-alice', 'dave-bob'])
    await timeline.until({ kind: 'connection-state', peer, state: 'connected' });
  const seenBy = (name: string) => page.locator(`[data-counted="what ${name} sees"] p`);
  // dave has no connection with alice, and the picture is hers.
  await expect(seenBy('dave')).toHaveAttribute('data-whose', 'alice', { timeout: 20_000 });
  await expect(seenBy('carol')).toHaveAttribute('data-whose', 'alice', { timeout: 20_000 });
  const answers = (await timeline.entries()).filter(
    (entry) => entry.kind === 'description' && entry.side === 'local' && entry.type === 'answer',
  );
  expect(new Set(answers.map(({ peer }) => peer))).toEqual(new Set(['bob-alice', 'carol-alice', 'dave-bob']));
  await expect(page.locator('[data-tree=streams]')).toHaveText('4', { timeout: 20_000 });
  await page.getByRole('button', { name: 'Close bob’s page' }).click();
  await expect(page.locator('.tree .ends-verdict')).toHaveText(
    /bob has gone, and with bob the picture of dave/,
    {
      timeout: 20_000,
    },
  );
});

test('a focus passes everybody on to everybody: the square of the others', async ({ lab, page }) => {
  await lab.run('relay-tree', { shape: 'focus', people: '3' });
  await expect(page.locator('.counted p[data-whose=carol]')).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('[data-tree=streams]')).toHaveText('8', { timeout: 20_000 });
});
