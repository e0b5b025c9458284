import { expect, test } from '../../../tests/support/lab.ts';

test('alice and bob connect', async ({ lab }) => {
  const timeline = await lab.run('_template');
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  expect(await timeline.has({ kind: 'end-of-candidates', peer: 'bob', side: 'local' })).toBe(true);
});
