import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../support/lab.ts';
import { Gathering } from '../support/meet.ts';

const slow = { timeout: 40_000 };

test('the host has the server record the mix, and fetches the file', async ({ browser, server }) => {
  test.setTimeout(120_000);
  await using meeting = new Gathering(browser, server.url);
  const [alice] = await meeting.join('alice');
  const { page } = alice;
  await alice.withSession(
    ({ meeting: { value } }) => value?.room.setRouting({ topology: 'mcu', auto: false }),
    null,
  );
  await expect.poll(() => alice.withSession(({ topology }) => topology.value, null), slow).toBe('mcu');
  await alice.press('More');
  await page.getByRole('button', { name: 'Record on the server' }).click();
  const bar = page.getByRole('group', { name: 'Recording on the server' });
  await expect(bar).toContainText('The server records this meeting for you, the host.', slow);
  await expect(bar).toContainText(/[1-9]\d*\.\d kB/, slow);
  const { violations } = await new AxeBuilder({ page }).include('.meet-recordings').analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  await bar.getByRole('button', { name: 'Stop recording' }).click();
  const link = page.getByRole('group', { name: 'Recorded by the server' }).getByRole('link');
  await expect(link).toBeFocused(slow);
  const downloads = page.waitForEvent('download');
  await link.press('Enter');
  const download = await downloads;
  expect(download.suggestedFilename()).toMatch(/^mix-[\d-]+T[\d-]+\.webm$/);
  const answer = await page.request.get((await link.getAttribute('href')) ?? '');
  // EBML, the container of WebM.
  expect((await answer.body()).subarray(0, 4).toString('hex')).toBe('1a45dfa3');
});
