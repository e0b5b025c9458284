import { expect, test } from '../../../tests/support/lab.ts';
import { readRemoteFrames } from '../../../tests/support/media.ts';

test('a picture is added in the call, over the same transport, and three changes make one offer @firefox', async ({
  lab,
  page,
}) => {
  const upgraded = await lab.run('renegotiation', { does: 'upgrade' });
  await upgraded.until({ kind: 'first-frame', peer: 'bob' });
  expect((await readRemoteFrames(page, 'bob', 2)).length).toBe(2);
  const rows = page.getByRole('region', { name: 'The negotiations' }).getByRole('listitem');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText(/alice offers 2 m-sections.*agreed in \d+ ms/s);
  const entries = await upgraded.entries();
  expect(entries.filter(({ kind }) => kind === 'peer-opened')).toHaveLength(2);

  await lab.nextRun(() => page.getByLabel('In the call').selectOption('three'));
  await lab.timeline.until({ kind: 'data-channel', peer: 'alice', state: 'open' });
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText('alice offers 4 m-sections');
  await expect(page.locator('[data-field=needed]')).toHaveText('2 ×');
});

test('the path is there with a provisional answer, bob’s picture comes with the final one; an offer is taken back', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('renegotiation', { does: 'provisional' });
  await timeline.until({ kind: 'first-frame', peer: 'alice' });
  const entries = await timeline.entries();
  const place = (wanted: object) =>
    entries.findIndex((entry) =>
      Object.entries(wanted).every(([key, value]) => Reflect.get(entry, key) === value),
    );
  const provisional = place({ kind: 'description', peer: 'alice', type: 'pranswer' });
  const up = place({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  const final = place({ kind: 'description', peer: 'alice', side: 'remote', type: 'answer' });
  expect(provisional).toBeGreaterThan(-1);
  expect(up).toBeGreaterThan(provisional);
  expect(final).toBeGreaterThan(up);

  await lab.nextRun(() => page.getByLabel('In the call').selectOption('rollback'));
  await lab.timeline.until({ kind: 'first-frame', peer: 'bob' });
  const outcomes = page.getByRole('region', { name: 'The negotiations' }).getByRole('listitem');
  await expect(outcomes.nth(1)).toContainText('rolled back');
  await expect(outcomes.nth(2)).toContainText('agreed in');
});
