import { expect, test } from '../../../tests/support/lab.ts';
import { readRemoteFrames } from '../../../tests/support/media.ts';

test('carol and dave are relayed at both ends, and the server’s bytes agree with the browser’s @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('relay');
  for (const peer of ['alice', 'carol'])
    await timeline.until({ kind: 'connection-state', peer, state: 'connected' });
  const frames = await readRemoteFrames(page, 'carol', 10);
  expect(new Set(frames).size).toBeGreaterThan(5);
  const proof = page.getByRole('region', { name: 'The proof' });
  await expect(proof).toContainText('Proved: Both ends of the pair are relayed', { timeout: 20_000 });
  await expect(proof).toContainText(/directly, .* ms over the relay/);
  const [direct] = await timeline.stats('alice', 1);
  expect(direct?.candidatePair?.local.type).not.toBe('relay');
});

test('over TCP the pair says so', async ({ lab }) => {
  const timeline = await lab.run('relay', { transport: 'tcp' });
  await timeline.until({ kind: 'connection-state', peer: 'carol', state: 'connected' });
  const samples = await timeline.stats('carol', 2);
  expect(samples.at(-1)?.candidatePair?.local).toMatchObject({ type: 'relay', relayProtocol: 'tcp' });
});

test('one relay alone may not send to dave’s own address: 403, and the lab says why', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('relay', { who: 'alone' });
  await timeline.until({ kind: 'run-ended', why: 'failed' }, 40_000);
  await expect(page.getByRole('region', { name: 'The proof' })).toContainText(
    'refused carol the permission (403)',
  );
});
