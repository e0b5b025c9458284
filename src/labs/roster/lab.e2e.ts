import { expect, test } from '../../../tests/support/lab.ts';

test('who comes late sees all, who leaves is gone from every page, and comes back once @firefox', async ({
  lab,
  page,
}) => {
  await lab.run('roster');
  const sees = (name: string) => page.locator(`[data-person=${name}] td`).first();
  const door = (name: string) => page.locator(`[data-person=${name}]`).getByRole('button');
  const pictures = page.locator('.roster-tiles video');
  const play = () =>
    pictures.evaluateAll((all) => all.map((video) => (video as HTMLVideoElement).videoWidth > 0));
  await expect(sees('alice')).toHaveText('bob');
  await door('carol').click();
  await expect(sees('alice')).toHaveText('bob, carol');
  await expect(sees('bob')).toHaveText('alice, carol');
  await expect(sees('carol')).toHaveText('alice, bob');
  await expect.poll(play, { timeout: 20_000 }).toEqual([true, true]);
  await door('bob').click();
  await expect(sees('alice')).toHaveText('carol');
  await expect(sees('carol')).toHaveText('alice');
  await door('bob').click();
  await expect(sees('alice')).toHaveText('carol, bob');
  await expect(page.locator('.roster .ends-verdict')).toHaveText(
    '3 in the room, and each has 2 tiles: n − 1.',
  );
  await expect.poll(play, { timeout: 20_000 }).toEqual([true, true]);
});
