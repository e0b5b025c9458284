import { expect, test } from '../../../tests/support/lab.ts';
import { readRemoteFrames } from '../../../tests/support/media.ts';

test('the server is killed: the picture goes on, both come back under new ids, and nobody calls again @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('outlive');
  for (const peer of ['alice', 'bob']) await timeline.until({ kind: 'first-frame', peer });
  const person = page.locator('[data-person=bob]');
  await expect(person).toContainText('alice');
  const id = await person.locator('code').textContent();
  await page.getByRole('button', { name: 'Kill the server' }).click();
  await expect(person.locator('code')).toHaveText('not connected');
  const [first = 0, last = 0] = await readRemoteFrames(page, 'bob', 2);
  expect(last).toBeGreaterThan(first);
  const says = page.locator('.outlive .ends-verdict');
  await expect(says).toContainText('The roster was right again');
  await expect(says).toContainText('The call goes on');
  await expect(person.locator('code')).not.toHaveText(id ?? '');
  const opened = (await timeline.entries()).filter(({ kind }) => kind === 'peer-opened');
  expect(opened).toHaveLength(2);
});

test('a page that takes the loss of the server for the end of the call ends it itself', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('outlive', { lost: 'hang-up' });
  await timeline.until({ kind: 'first-frame', peer: 'bob' });
  await page.getByRole('button', { name: 'Kill the server' }).click();
  await timeline.until({ kind: 'peer-closed', peer: 'bob' });
  await expect(page.locator('.outlive .ends-verdict')).toContainText('ended by the page itself');
});
