import { expect, test } from '../../../tests/support/lab.ts';

test('on one device both peers meet at its own address, and the lab says that this shows no NAT @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('nat-lab', { servers: 'stun' });
  for (const peer of ['alice', 'bob']) await timeline.until({ kind: 'first-frame', peer });
  await timeline.until({ kind: 'selected-candidate-pair', peer: 'alice' });
  const panel = page.getByRole('region', { name: 'The way of this call' });
  await expect(panel.getByRole('status')).toContainText('Directly');
  await expect(panel).toContainText('Both peers are on this device');
});

test('with relay-only candidates TURN carries it, and the panel names both legs @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('nat-lab', { servers: 'turn', policy: 'relay' });
  for (const peer of ['alice', 'bob']) await timeline.until({ kind: 'first-frame', peer });
  const panel = page.getByRole('region', { name: 'The way of this call' });
  await expect(panel.getByRole('status')).toContainText('Through the relay');
  for (const peer of ['alice', 'bob']) await expect(panel.getByRole('status')).toContainText(`${peer} over`);
});
