import { expect, test } from '../../../tests/support/lab.ts';
import { readRemoteFrames } from '../../../tests/support/media.ts';

test('hold stops both directions with one offer and resume brings them back, another picture needs none @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('transceivers');
  for (const peer of ['alice', 'bob']) await timeline.until({ kind: 'first-frame', peer });
  // Which of the two tracks is added first is the browser's choice.
  const video = page.getByRole('region', { name: /^video, mid [01]$/ });
  const flow = video.getByRole('heading');
  const bob = video.locator('[data-peer=bob]');
  // Only alice's: Firefox fires it at bob's end as well when he is answered less than he wants.
  const needed = async () =>
    (await timeline.entries()).filter(({ kind, peer }) => kind === 'negotiation-needed' && peer === 'alice')
      .length;
  await expect(flow).toContainText('alice ⇄ bob');
  expect(await needed()).toBe(1);

  await page.getByRole('button', { name: 'Hold all' }).first().click();
  await expect(flow).toContainText('nothing flows');
  await expect(bob.locator('[data-field=muted]')).toHaveText('muted');
  expect(await needed()).toBe(2);
  await page.getByRole('button', { name: 'Resume all' }).first().click();
  await expect(flow).toContainText('alice ⇄ bob');
  await expect(bob.locator('[data-field=muted]')).toHaveText('not muted');
  expect(await needed()).toBe(3);

  const before = await readRemoteFrames(page, 'bob', 2);
  await video.getByLabel(/^alice, .*sender.track$/).selectOption('screen');
  // The drawn screen counts its frames from 1.
  await expect
    .poll(async () => Math.max(...(await readRemoteFrames(page, 'bob', 1))))
    .toBeLessThan(before.at(-1) ?? 0);
  expect(await needed()).toBe(3);
});

test('a picture that bob adds in the call is a third m-section; when stopped it keeps its place, and the next one takes it', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('transceivers', { bob: 'nothing' });
  await timeline.until({ kind: 'first-frame', peer: 'bob' });
  await expect(page.getByRole('region', { name: 'video, mid 1' })).toContainText('alice → bob');
  const bob = page.getByRole('region', { name: 'bob does' });
  // bob's transceiver for alice's picture has sent nothing yet: addTrack() takes it.
  await bob.getByRole('button', { name: 'Add video' }).click();
  await expect(page.getByRole('region', { name: 'video, mid 1' })).toContainText('alice ⇄ bob');
  await bob.getByRole('button', { name: 'Add video' }).click();
  const third = page.getByRole('region', { name: 'video, mid 2' });
  await expect(third).toContainText('bob → alice');
  await third.getByRole('button', { name: 'bob, mid 2: stop' }).click();
  await expect(third).toHaveCount(0);
  await expect(bob).toContainText('3, 1 with port 0');
  await bob.getByRole('button', { name: 'Receive one more' }).click();
  await expect(page.getByRole('region', { name: 'video, mid 3' })).toBeVisible();
  await expect(bob.locator('dd').last()).toHaveText('3');
});
