import { parseCandidate } from '../../rtc/ice/candidate.ts';
import { expect, test } from '../../../tests/support/lab.ts';

test('alice gathers from her interfaces and from our servers, and each candidate stands with its source @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('candidates');
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  const types = (await timeline.entries()).flatMap((entry) => {
    if (entry.kind !== 'candidate' || entry.peer !== 'alice' || entry.side !== 'local') return [];
    const parsed = parseCandidate(entry.candidate);
    return parsed.kind === 'candidate' ? [parsed.candidate.type] : [];
  });
  expect(types).toContain('host');
  expect(types).toContain('relay');
  const relays = page.locator('.sources-origins > li', { hasText: 'A TURN server' });
  await expect(relays.getByRole('button').first()).toBeVisible();
  // A click leads to the candidate among all others.
  await relays.getByRole('button').first().click();
  await expect(page.getByRole('tab', { name: 'ICE' })).toHaveAttribute('aria-selected', 'true');
});

test('relayed ones only: nothing else is told, and the call goes from relay to relay', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('candidates', { policy: 'relay' });
  const pair = await timeline.until({ kind: 'selected-candidate-pair', peer: 'alice' });
  expect([pair.local, pair.remote]).toEqual([
    expect.stringContaining('relay'),
    expect.stringContaining('relay'),
  ]);
  const texts = (await timeline.entries()).flatMap((entry) =>
    entry.kind === 'candidate' && entry.side === 'local' && entry.candidate ? [entry.candidate] : [],
  );
  expect(texts.filter((text) => !text.includes('typ relay'))).toEqual([]);
  await expect(page.getByText('None is told: iceTransportPolicy').first()).toBeVisible();
});

test('without a server there are host candidates only, and that is said', async ({ lab, page }) => {
  const timeline = await lab.run('candidates', { servers: 'none' });
  await timeline.until({ kind: 'connection-state', peer: 'bob', state: 'connected' });
  await expect(page.getByText('No STUN server was asked.')).toBeVisible();
  await expect(page.getByText('No TURN server was asked.')).toBeVisible();
});
