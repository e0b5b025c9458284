import { expect, test } from '../../../tests/support/lab.ts';

test('the screen takes the camera’s place and gives it back at each stop button, on one sender and without an offer @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('screen', { hint: 'text' });
  const panel = page.getByRole('region', { name: 'Sharing' });
  const fact = (name: string) => panel.locator(`[data-fact=${name}]`);
  const share = panel.getByRole('button', { name: 'Share the screen' });
  await expect(fact('sees')).toContainText('alice’s camera');

  await share.click();
  await expect(fact('sees')).toContainText('the drawn desktop');
  await expect(fact('track')).toContainText('contentHint text');
  await panel.getByRole('button', { name: 'The browser’s stop button' }).click();
  await expect(fact('sees')).toContainText('alice’s camera');
  await expect(panel.getByRole('status')).toContainText('ended event fired');

  await share.click();
  await expect(fact('sees')).toContainText('the drawn desktop');
  await panel.getByRole('button', { name: 'The page’s stop button' }).click();
  await expect(fact('sees')).toContainText('alice’s camera');
  await expect(panel.getByRole('status')).toContainText('ended did not fire');

  await expect(fact('descriptions')).toHaveText('2, those of the beginning');
  const calls = (await timeline.entries()).flatMap((entry) => (entry.kind === 'call' ? [entry.method] : []));
  expect(calls.filter((method) => method === 'getDisplayMedia')).toHaveLength(2);
  expect(calls.filter((method) => method === 'replaceTrack')).toHaveLength(4);
});
