import { expect, test } from '../../../tests/support/lab.ts';

test('without a camera bob reads a name; with it, an address @camera', async ({ lab, page, context }) => {
  const first = await lab.run('ip-privacy', { servers: 'stun' });
  await first.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  const learned = page.getByRole('region', { name: 'What bob learned' });
  await expect(learned.locator('dd', { hasText: /^[0-9a-f-]{36}\.local/ }).first()).toBeVisible();

  await context.grantPermissions(['camera', 'microphone']);
  await page.getByLabel('Picture and sound').selectOption('camera');
  await lab.nextRun(() =>
    page
      .locator('lab-pane [data-run]')
      .click()
      .then(() => page.locator('lab-pane [data-run]').click()),
  );
  const second = lab.timeline;
  await second.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  await expect(learned.locator('dd', { hasText: /^\d+\.\d+\.\d+\.\d+/ }).first()).toBeVisible();
  await expect(learned.locator('dd', { hasText: '.local' })).toHaveCount(0);
});

test('relayed only: no address of alice’s own goes across @firefox', async ({ lab, page }) => {
  const timeline = await lab.run('ip-privacy', { policy: 'relay' });
  await timeline.until({ kind: 'connection-state', peer: 'bob', state: 'connected' });
  const learned = page.getByRole('region', { name: 'What bob learned' });
  await expect(learned.getByText('A relay’s address').first()).toBeVisible();
  await expect(learned.getByText('A name for an address')).toHaveCount(0);
  await expect(learned.getByText('Browser', { exact: true })).toBeVisible();
});
