import { expect, test } from '../../../tests/support/lab.ts';

test('through the own server bytes come back, and the rules say so', async ({ lab, page }) => {
  for (const transport of ['udp', 'tcp']) {
    const timeline = await lab.run('server-tester', { transport });
    await timeline.until({ kind: 'measure', peer: 'alice', name: 'round trip' });
    await expect(page.locator('.judge-live [data-rule=turn-works]')).toContainText(transport.toUpperCase());
  }
});

test('a wrong credential and a dead port are told apart', async ({ lab, page }) => {
  await lab.run('server-tester', { server: 'wrong' });
  await expect(page.locator('.judge-live [data-rule=turn-401]')).toBeVisible();
  await lab.run('server-tester', { server: 'dead', transport: 'tcp' });
  await expect(page.locator('.judge-live [data-rule=tcp-refused]')).toBeVisible();
  await lab.run('server-tester', { server: 'dead', transport: 'udp' });
  await expect(page.locator('.judge-live [data-rule=udp-silent]')).toBeVisible();
});

test('a recorded case is judged first, and then told @firefox', async ({ lab, page }) => {
  await lab.open('server-tester');
  await page.evaluate(() =>
    document.querySelector<HTMLElement & { load(): Promise<unknown> }>('lab-pane')?.load(),
  );
  const cases = page.getByRole('region', { name: 'Twelve recorded cases' });
  await cases.getByRole('button', { name: /Case 7/ }).click();
  await expect(cases.locator('[data-rule]')).toHaveCount(0);
  await cases.getByLabel('Everything works').check();
  await expect(cases.getByRole('status').filter({ hasText: 'Not quite' })).toContainText('denied-peer-ip');
  await expect(cases.locator('[data-rule=turn-no-path]')).toBeVisible();
  await cases.getByRole('button', { name: 'Next case' }).click();
  await cases.getByLabel(/a call needs two/).check();
  await expect(cases).toContainText('1 of 2 right');
});
