import { expect, test } from '../../../tests/support/lab.ts';

test('one direction’s candidates are lost and the call connects; bob closes, and alice is not told @firefox', async ({
  lab,
  page,
}) => {
  await lab.run('states');
  const panel = page.getByRole('region', { name: 'Four machines at once' });
  await lab.nextRun(() => panel.getByRole('button', { name: 'Lose alice’s' }).click());
  const { timeline } = lab;
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  await expect(panel.getByRole('button', { name: 'Lose alice’s' })).toHaveAttribute('aria-pressed', 'true');
  expect(await timeline.has({ kind: 'candidate', peer: 'bob', side: 'remote' })).toBe(false);
  await panel.getByRole('button', { name: 'Close bob' }).click();
  await timeline.until({ kind: 'peer-closed', peer: 'bob' });
  await expect(panel.getByRole('button', { name: /bob Connection closed/ })).toBeVisible();
  expect(await timeline.has({ kind: 'connection-state', peer: 'alice', state: 'closed' })).toBe(false);
});

test('two calls at once are carried out one after the other, and the answer is made @firefox', async ({
  lab,
}) => {
  const timeline = await lab.run('states', { calls: 'at-once' });
  await timeline.until({ kind: 'connection-state', peer: 'bob', state: 'connected' });
  const called = (await timeline.entries()).flatMap((entry) =>
    entry.peer === 'bob' && (entry.kind === 'call' || entry.kind === 'call-settled')
      ? entry.method.endsWith('Description')
        ? [`${entry.kind} ${entry.method}`]
        : []
      : [],
  );
  expect(called).toEqual([
    'call setRemoteDescription',
    'call setLocalDescription',
    'call-settled setRemoteDescription',
    'call-settled setLocalDescription',
  ]);
});
