import { expect, test } from '../../../tests/support/lab.ts';

test('the server in the editor connects two peers; nonsense ends it, and the call goes on @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('ws-server', { ways: 'two' });
  for (const peer of ['sender', 'receiver'])
    await timeline.until({ kind: 'connection-state', peer, state: 'connected' });
  for (const peer of ['sender', 'receiver']) await timeline.until({ kind: 'first-frame', peer });
  const tape = page.getByRole('region', { name: 'Message tape' });
  await expect(tape.locator('[data-way=received][data-name=createOffer]')).toHaveCount(1);
  await page.getByRole('button', { name: 'hello, which is not JSON' }).click();
  await expect(page.getByText(/The server ended in line 10\./)).toBeVisible();
  await expect(page.getByText('The server is gone, and the call goes on')).toBeVisible();
  const [before, after] = await timeline.stats('receiver', 2);
  const frames = (sample = before) =>
    sample?.inbound.find(({ kind }) => kind === 'video')?.framesDecoded ?? 0;
  expect(frames(after)).toBeGreaterThan(frames(before));
});

test('a late receiver never hears of the offer, until the learner’s server keeps it', async ({
  lab,
  page,
}) => {
  await lab.run('ws-server', { receiver: 'late' });
  await expect(page.getByText('The receiver came after the offer, and the offer is lost.')).toBeVisible();
  await page.locator('[data-edit-server]').click();
  const editor = page.getByRole('textbox', { name: /^The server/ });
  await editor.focus();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.insertText('const early: object[] = []; // a change\n');
  await page.getByRole('button', { name: 'As it was' }).click();
  await lab.nextRun(() => page.locator('select[name=server]').selectOption('keeps'));
  await lab.timeline.until({ kind: 'connection-state', peer: 'receiver', state: 'connected' });
  await expect(page.getByText(/The receiver is connected, \d+ ms after/)).toBeVisible();
});
