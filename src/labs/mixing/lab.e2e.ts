import { expect, test } from '../../../tests/support/lab.ts';

test('everybody is in the one picture that each gets, and each hears all but themselves', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('mixing', { people: '3' });
  for (const peer of ['alice-mixer', 'bob-mixer', 'carol-mixer'])
    await timeline.until({ kind: 'connection-state', peer, state: 'connected' });
  await expect(page.locator('.mixing .counted p')).toHaveAttribute('data-cells', '3', { timeout: 20_000 });
  await expect(page.locator('.mixing .ends-verdict')).toHaveText(
    'Everybody hears all the others, and nobody hears themselves.',
    { timeout: 20_000 },
  );
  await expect(page.locator('[data-ears=bob] [data-voice=bob]')).toHaveText('not there');
  // One encoder for each output, whoever looks: the picture and the sound of three.
  await expect(page.locator('[data-person=mixer] [data-is=encoders]')).toHaveText('6 streams', {
    timeout: 20_000,
  });
});

test('with the whole mix for all, all hear themselves', async ({ lab, page }) => {
  await lab.run('mixing', { people: '2', sound: 'whole' });
  await expect(page.locator('.mixing .ends-verdict')).toHaveText('alice, bob hear themselves: an echo.', {
    timeout: 20_000,
  });
});
