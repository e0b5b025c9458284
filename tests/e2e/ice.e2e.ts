import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../support/lab.ts';

test('the pairs of a real call are recorded, and the one in use is shown with its reason @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('trickle-ice');
  for (const peer of ['alice', 'bob']) await timeline.until({ kind: 'selected-candidate-pair', peer });
  const lists = (await timeline.entries()).filter(
    (entry) => entry.kind === 'candidate-pairs' && entry.peer === 'alice',
  );
  const last = lists.at(-1);
  expect(last?.kind === 'candidate-pairs' && last.iceRole).toBe('controlling');

  await page.getByRole('tab', { name: 'ICE' }).click();
  const connection = page.getByRole('region', { name: 'ICE of alice and bob' });
  await expect(connection.locator('.ps-cell[data-selected]')).toHaveCount(1);
  await expect(connection.locator('.ps-why')).toContainText('alice is controlling');
  await connection.getByRole('radio', { name: 'bob’s checklist' }).check();
  await expect(connection.locator('.ps-why')).toContainText('bob is controlled');
});

test('a DTLS transport is followed to «connected», once for each peer @firefox', async ({ lab, page }) => {
  const timeline = await lab.run('first-call');
  await timeline.until({ kind: 'dtls-transport-state', peer: 'alice', state: 'connected' });
  const mids = (await timeline.entries()).flatMap((entry) =>
    entry.kind === 'dtls-transport-state' && entry.peer === 'alice' ? [entry.mid] : [],
  );
  expect(new Set(mids)).toEqual(new Set(['0']));
  await page.getByRole('tab', { name: 'States' }).click();
  await page.getByRole('radio', { name: /^DTLS transport/ }).check();
  await expect(
    page.getByRole('region', { name: 'DTLS transport of alice' }).locator('.ps-node[data-now]'),
  ).toHaveText('connected');
});

for (const scheme of ['light', 'dark'] as const)
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });
    test('axe finds nothing serious in any diagram, nor in an explained pair', async ({ lab, page }) => {
      const timeline = await lab.run('trickle-ice');
      await timeline.until({ kind: 'selected-candidate-pair', peer: 'alice' });
      await page.getByRole('tab', { name: 'ICE' }).click();
      await page.locator('.ps-cell[data-selected] button').first().click();
      await page.locator('.ps-candidate summary').first().click();
      const serious = async () =>
        (await new AxeBuilder({ page }).include('.lab-panel').analyze()).violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      expect(await serious()).toEqual([]);
      await page.getByRole('tab', { name: 'States' }).click();
      for (const machine of await page.locator('.ps-machines input').all()) {
        await machine.check();
        expect(await serious()).toEqual([]);
      }
    });
  });
