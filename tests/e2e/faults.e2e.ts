import type { FaultPlan, FaultRule } from '../../src/rtc/faults/plan.ts';
import { expect, LabDriver, test } from '../support/lab.ts';

/** A link to a lab in which these faults are set. */
const withFaults = (...rules: FaultRule[]) => ({
  faults: JSON.stringify({ seed: 1, rules } satisfies FaultPlan),
});

const connectedOf = (peer: string) => ({ kind: 'connection-state', peer, state: 'connected' }) as const;

test('an answer that is lost ends in a failure that says what to look for', async ({ lab, page }) => {
  test.slow(); // nobody ever says “failed”: the lab’s own deadline of 20 s does
  const timeline = await lab.run(
    'first-call',
    withFaults({ message: 'answer', from: 'bob', to: 'alice', fault: { do: 'drop' } }),
  );
  await expect(page.getByRole('button', { name: '1 fault active' })).toBeVisible();
  const fault = await timeline.until({ kind: 'fault', fault: 'dropped' });
  await expect(
    page
      .getByRole('alert')
      .filter({ hasText: 'a description or a candidate that was sent and never received' }),
  ).toBeVisible({
    timeout: 40_000,
  });
  const entries = await timeline.entries();
  const crossed = entries.filter((entry) => 'id' in entry && entry.id === fault.id).map(({ kind }) => kind);
  expect(crossed.toSorted()).toEqual(['fault', 'signal-sent']);
  expect(entries[0]).toMatchObject({ kind: 'run-started', faults: { rules: [{ message: 'answer' }] } });
});

test('an answer that is held waits for a hand, and then the call goes on', async ({ lab, page }) => {
  await lab.open('first-call');
  await page.locator('lab-pane').hover();
  await page.getByRole('tab', { name: 'Faults' }).click();
  await page.getByRole('button', { name: '+ The answer is late' }).click();
  await expect(page.getByText('Guess before you run')).toBeVisible();
  const timeline = await lab.start();
  const release = page.getByRole('button', { name: 'Let bob’s answer to alice go' });
  await expect(release).toBeVisible();
  await expect(page.getByRole('button', { name: '1 fault active, 1 held' })).toBeVisible();
  expect(await timeline.has(connectedOf('alice'))).toBe(false);
  await release.click();
  for (const peer of ['alice', 'bob']) await timeline.until(connectedOf(peer));
  await expect(release).toBeHidden();
  await expect(page.getByText('acted 1×')).toBeVisible();
  await expect(page.getByRole('region', { name: 'What was done' })).toContainText(
    'bob’s answer to alice is let go',
  );
});

test('another fingerprint: a path is found, and the handshake on it fails', async ({ lab, page }) => {
  const timeline = await lab.run(
    'first-call',
    withFaults({ message: 'offer', fault: { do: 'alter', what: 'fingerprint' } }),
  );
  await timeline.until({ kind: 'error', code: 'dtls-failed' }, 40_000);
  await expect(page.getByRole('alert')).toContainText('the encrypted handshake on it failed');
});

test('without host candidates nobody has anything to check', async ({ lab }) => {
  const timeline = await lab.run(
    'first-call',
    withFaults({ message: 'candidate', candidateType: 'host', fault: { do: 'drop' } }),
  );
  for (const peer of ['alice', 'bob']) {
    await timeline.until({ kind: 'end-of-candidates', peer, side: 'remote' });
    expect(await timeline.has({ kind: 'candidate', peer, side: 'remote' })).toBe(false);
    expect(await timeline.has({ kind: 'ice-connection-state', peer, state: 'connected' })).toBe(false);
  }
});

test('a closed connection and a stopped track, at once', async ({ lab, page }) => {
  const timeline = await lab.run('first-call');
  for (const peer of ['alice', 'bob']) await timeline.until(connectedOf(peer));
  await page.getByRole('tab', { name: 'Faults' }).click();
  await page.getByRole('button', { name: 'Stop alice’s video' }).click();
  await timeline.until({ kind: 'fault', fault: 'stopped' });
  await expect(page.getByRole('button', { name: 'Stop alice’s video' })).toBeHidden();
  await page.getByRole('button', { name: 'Both offer' }).click();
  await expect(page.getByText('does not listen to negotiationneeded').first()).toBeVisible();
  await page.getByRole('button', { name: 'Close bob’s connection' }).click();
  await timeline.until({ kind: 'peer-closed', peer: 'bob' });
});

test('glare on demand in a running call: both offer, one gives way, the call goes on', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('perfect-negotiation', { roles: 'polite', offset: '1000' });
  for (const peer of ['alice', 'bob']) await timeline.until({ kind: 'first-frame', peer });
  await page.getByRole('tab', { name: 'Faults' }).click();
  await page.getByRole('button', { name: 'Both offer' }).click();
  await expect(page.getByText('The offers were made')).toBeVisible();
  await expect(page.getByRole('region', { name: 'What came of it' }).getByRole('heading')).toHaveText(
    'Agreed, after glare',
  );
});

test('a link carries the faults; one that is broken is explained, and the lab runs without', async ({
  lab,
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.open('first-call');
  await page.locator('lab-pane').hover();
  await page.getByRole('tab', { name: 'Faults' }).click();
  await page.getByRole('button', { name: '+ Every message twice' }).click();
  await page.getByRole('button', { name: 'Copy a link with these faults' }).click();
  await expect(page.getByText('Copied')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const other = new LabDriver(await context.newPage());
  await other.page.goto(link);
  await expect(other.page.getByRole('button', { name: '1 fault active' })).toBeVisible();

  await lab.open('first-call', { faults: '{"seed":1,"rules":[{"message":"any"' });
  await expect(page.getByRole('alert')).toContainText('copy the whole link');
  const timeline = await lab.start();
  await timeline.until(connectedOf('alice'));
});
