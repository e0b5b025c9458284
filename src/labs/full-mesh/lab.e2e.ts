import { expect, test } from '../../../tests/support/lab.ts';

test('three people are three connections with six ends; each sends twice, and it makes a point that is kept @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('full-mesh', { people: '3' });
  for (const peer of ['bob-alice', 'carol-alice', 'bob-carol'])
    await timeline.until({ kind: 'connection-state', peer, state: 'connected' });
  const cost = (name: string) => page.locator(`[data-cost=${name}]`);
  await expect(cost('connections')).toHaveText('3', { timeout: 20_000 });
  await expect(cost('ends')).toHaveText('6');
  await expect(cost('own')).toHaveText('2');
  await expect(cost('encoders')).toHaveText('4 streams', { timeout: 20_000 });
  await expect(page.locator('.mesh-pictures video')).toHaveCount(2);
  await expect
    .poll(() =>
      page
        .locator('.mesh-pictures video')
        .evaluateAll((videos) => videos.every((video) => (video as HTMLVideoElement).videoWidth > 0)),
    )
    .toBe(true);
  await expect(page.locator('.mesh-points')).toContainText('3 people:', { timeout: 20_000 });
  // Nobody but the newcomer offers.
  const offers = (await timeline.entries()).filter(
    (entry) => entry.kind === 'description' && entry.side === 'local' && entry.type === 'offer',
  );
  expect(offers.map(({ peer }) => peer).toSorted()).toEqual(['bob-alice', 'carol-alice', 'carol-bob']);
  await page.reload();
  await expect(page.locator('.mesh-points')).toContainText('3 people:');
});
