import { expect, test } from '../../../tests/support/lab.ts';

test('a first version leaves a newcomer in the dark and keeps a ghost; the call works all the same', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('rooms');
  await timeline.until({ kind: 'connection-state', peer: 'bob', state: 'connected' });
  const says = page.locator('.classroom-outcome');
  await expect(says).toContainText('bob does not know that alice is there.');
  await expect(says).toContainText('bob was told of bob.');
  const carol = page.getByRole('group', { name: 'Let carol' });
  await carol.getByRole('button', { name: 'join' }).click();
  await expect(says).toContainText('carol does not know that bob is there.');
  await carol.getByRole('button', { name: 'lose the network' }).click();
  await expect(says).toContainText('alice still sees carol, who has gone.');
});

test('with the reliable one everybody knows who is there, and a return is a new id @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('rooms', { server: 'reliable' });
  await timeline.until({ kind: 'connection-state', peer: 'bob', state: 'connected' });
  const says = page.locator('.classroom-outcome');
  await expect(says).toContainText('Everybody in the room knows who is there.');
  const carol = page.getByRole('group', { name: 'Let carol' });
  const id = page.locator('[data-person=carol] code');
  const before = await id.textContent();
  await carol.getByRole('button', { name: 'join' }).click();
  await carol.getByRole('button', { name: 'say hello' }).click();
  await expect(page.getByRole('region', { name: 'Chat' })).toContainText(/carol hello \d{4}-\d\d-\d\dT/);
  await carol.getByRole('button', { name: 'lose the network' }).click();
  await expect(id).toHaveText('not connected');
  await expect(says).toContainText('Everybody in the room knows who is there.');
  await carol.getByRole('button', { name: 'come back' }).click();
  await expect(id).not.toHaveText('not connected');
  expect(await id.textContent()).not.toBe(before);
});
