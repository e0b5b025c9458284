import { expect, test } from '../../../tests/support/lab.ts';

test('a candidate reaches bob before alice has finished gathering', async ({ lab }) => {
  const timeline = await lab.run('trickle-ice');
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  await timeline.until({ kind: 'end-of-candidates', peer: 'alice', side: 'local' });
  const entries = await timeline.entries();
  const found = entries.findIndex(({ peer, kind }) => peer === 'alice' && kind === 'candidate');
  const sent = entries.findIndex(
    (entry) => entry.peer === 'alice' && entry.kind === 'signal-sent' && 'candidate' in entry.signal,
  );
  const over = entries.findIndex(({ peer, kind }) => peer === 'alice' && kind === 'end-of-candidates');
  expect(found).toBeGreaterThan(-1);
  expect(sent).toBeGreaterThan(found);
  expect(over).toBeGreaterThan(sent);
});

test('carol’s one message holds all her candidates, alice’s offer none; both calls connect and are timed @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('trickle-ice');
  for (const peer of ['alice', 'carol']) await timeline.until({ kind: 'measure', peer, name: 'connected' });
  const entries = await timeline.entries();
  const offerOf = (peer: string) =>
    entries.flatMap((entry) =>
      entry.peer === peer && entry.kind === 'signal-sent' && 'description' in entry.signal
        ? [entry.signal.description.sdp]
        : [],
    )[0] ?? '';
  const candidatesOf = (peer: string) =>
    entries.filter((entry) => entry.peer === peer && entry.kind === 'candidate' && entry.side === 'local')
      .length;
  expect(offerOf('alice')).not.toContain('a=candidate');
  expect(offerOf('carol').match(/^a=candidate/gm)).toHaveLength(candidatesOf('carol'));
  expect(candidatesOf('carol')).toBeGreaterThan(0);
  expect(
    entries.some(
      (entry) => entry.peer === 'carol' && entry.kind === 'signal-sent' && 'candidate' in entry.signal,
    ),
  ).toBe(false);
  await expect(page.locator('[data-lane=alice]')).toContainText(/connected after \d+ ms/);
  await expect(page.locator('[data-lane=carol]')).toContainText(/connected after \d+ ms/);
});

test('with a STUN server that never answers, alice is connected while carol still waits', async ({ lab }) => {
  const timeline = await lab.run('trickle-ice', { stun: 'silent' });
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  expect(await timeline.has({ peer: 'carol', kind: 'signal-sent' })).toBe(false);
});

test('a second by the clock: wasted where nothing is to be waited for, and the call still comes about', async ({
  lab,
}) => {
  const timeline = await lab.run('trickle-ice', { wait: 'second' });
  const offer = await timeline.until({ kind: 'signal-sent', peer: 'carol' });
  const over = await timeline.until({ kind: 'end-of-candidates', peer: 'carol', side: 'local' });
  expect(offer.atMs).toBeGreaterThan(over.atMs);
  const [slow, quick] = await Promise.all(
    ['carol', 'alice'].map((peer) => timeline.until({ kind: 'measure', peer, name: 'connected' })),
  );
  expect(slow?.valueMs).toBeGreaterThan(1000 + (quick?.valueMs ?? 0));
});
