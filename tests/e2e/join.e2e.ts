import AxeBuilder from '@axe-core/playwright';
import { expect, LabDriver, test } from '../support/lab.ts';

test('a code read aloud leads another device into the same lab and room; a wrong one is explained', async ({
  lab,
  page,
  browser,
  server,
}) => {
  await lab.open('first-call', { room: 'by-code', arrangement: 'two-devices' });
  await lab.untilWaiting();
  const code = (await page.locator('[data-code]').getAttribute('data-code')) ?? '';
  expect(code).toMatch(/^[A-Z2-9]{6}$/);

  await using there = await browser.newContext({
    baseURL: server.url,
    viewport: { width: 390, height: 844 },
  });
  const other = new LabDriver(await there.newPage());
  await other.page.goto('/join');
  expect((await new AxeBuilder({ page: other.page }).analyze()).violations).toEqual([]);
  const field = other.page.getByLabel('Room code');
  await field.fill('K0M 2QX');
  await field.press('Enter');
  await expect(other.page.getByRole('alert')).toContainText('never holds 0');
  await field.fill(code === 'AAAAAA' ? 'BBBBBB' : 'AAAAAA');
  await field.press('Enter');
  await expect(other.page.getByRole('alert')).toContainText('Nobody waits under this code');
  await field.fill(`${code.slice(0, 3)} ${code.slice(3)}`.toLowerCase());
  await field.press('Enter');
  await other.page.waitForURL(/\/labs\/first-call\/\?.*room=by-code/);
  await other.timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  await lab.timeline.until({ kind: 'connection-state', peer: 'bob', state: 'connected' });
});

test('a lab has a place to type a code, too', async ({ lab, page }) => {
  await lab.open('first-call', { arrangement: 'two-devices' });
  await page.getByText('Have a code?').click();
  await page.getByLabel('Room code').fill('AAAAAA');
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('Nobody waits under this code');
});
