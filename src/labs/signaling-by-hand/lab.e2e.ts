import { expect, LabDriver, test } from '../../../tests/support/lab.ts';

test('two carried messages connect two peers, and the channel speaks @firefox', async ({ lab, page }) => {
  const timeline = await lab.run('signaling-by-hand');
  const offer = page.getByLabel('Copy this offer and carry it to bob');
  await expect(offer).toHaveValue(/^\{"type":"offer"/);
  await page.getByLabel('Paste alice’s offer here').fill(await offer.inputValue());
  await page.getByRole('button', { name: 'Give it to bob' }).click();
  const answer = page.getByLabel('Copy this answer and carry it to alice');
  await expect(answer).toHaveValue(/^\{"type":"answer"/);
  await page.getByLabel('Paste bob’s answer here').fill(await answer.inputValue());
  await page.getByRole('button', { name: 'Give it to alice' }).click();
  await expect(page.getByText('bob received over the channel: "Hello, this is alice"')).toBeVisible();
  await expect(page.getByText('alice received over the channel: "Hello, this is bob"')).toBeVisible();
  const entries = await timeline.entries();
  expect(entries.filter(({ kind }) => kind === 'signal-sent')).toHaveLength(2);
});

test('between two tabs: each holds one peer and knows nothing of the other but the text', async ({
  lab,
  page,
  context,
}) => {
  const tabs = { arrangement: 'two-tabs' };
  await lab.run('signaling-by-hand', tabs);
  const other = new LabDriver(await context.newPage());
  await other.run('signaling-by-hand', { ...tabs, seat: 'answerer' });
  const offer = page.getByLabel('Copy this offer and carry it to bob');
  await expect(offer).toHaveValue(/candidate/);
  await other.page.getByLabel('Paste alice’s offer here').fill(await offer.inputValue());
  await other.page.getByRole('button', { name: 'Give it to bob' }).click();
  const answer = other.page.getByLabel('Copy this answer and carry it to alice');
  await expect(answer).toHaveValue(/candidate/);
  await page.getByLabel('Paste bob’s answer here').fill(await answer.inputValue());
  await page.getByRole('button', { name: 'Give it to alice' }).click();
  await expect(page.getByText('Hello, this is bob')).toBeVisible();
  await expect(other.page.getByText('Hello, this is alice')).toBeVisible();
});

test('a wrong text is refused with a sentence, and stays in its box', async ({ lab, page }) => {
  await lab.run('signaling-by-hand');
  const offer = page.getByLabel('Copy this offer and carry it to bob');
  await expect(offer).toHaveValue(/^\{/);
  const text = await offer.inputValue();
  const box = page.getByLabel('Paste alice’s offer here');
  const give = page.getByRole('button', { name: 'Give it to bob' });
  const cases: [text: string, says: string][] = [
    ['', 'The box is empty'],
    [text.slice(0, 200), 'breaks off'],
    ['hello', 'neither a description nor SDP'],
    ['{"type":"offer"}', 'no session description'],
    [text.replace('"offer"', '"answer"'), 'bob waits for an offer'],
  ];
  for (const [wrong, says] of cases) {
    await box.fill(wrong);
    await give.click();
    await expect(page.getByRole('alert').filter({ hasText: says })).toBeVisible();
    await expect(box).toHaveValue(wrong);
  }
  await page.getByLabel('Paste bob’s answer here').fill(text);
  await page.getByRole('button', { name: 'Give it to alice' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'This is alice’s own offer' })).toBeVisible();
  await box.fill(text);
  await give.click();
  await expect(page.getByLabel('Copy this answer and carry it to alice')).toHaveValue(/^\{/);
});
