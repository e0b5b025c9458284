import { modelOrNothing } from '../../rtc/sdp/parse.ts';
import { expect, test } from '../../../tests/support/lab.ts';

const outline = (sdp: string) =>
  modelOrNothing(sdp).media.map(({ kind, direction }) => `${kind} ${direction}`);

test('the choices are what the offer says, and a click on a line tells where it lives on @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('sdp', { media: 'video', direction: 'recvonly', options: 'audio' });
  const offer = await timeline.until({ kind: 'description', peer: 'alice', side: 'local', type: 'offer' });
  expect(outline(offer.sdp)).toEqual(['video recvonly', 'audio recvonly', 'application sendrecv']);
  const answer = await timeline.until({ kind: 'description', peer: 'alice', side: 'remote', type: 'answer' });
  expect(outline(answer.sdp)).toEqual(['video sendonly', 'audio sendonly', 'application sendrecv']);
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'connected' });
  const panel = page.locator('[data-panel=sdp]');
  await panel.getByText('a=fingerprint').first().click();
  await expect(panel.getByText(/RFC 8122|RFC 8842/).first()).toBeVisible();
});

test('an offer of nothing is answered, and nothing connects @firefox', async ({ lab }) => {
  const timeline = await lab.run('sdp', { media: 'none', data: 'no' });
  const answer = await timeline.until({ kind: 'description', peer: 'alice', side: 'remote', type: 'answer' });
  expect(outline(answer.sdp)).toEqual([]);
  expect(await timeline.has({ kind: 'error' })).toBe(false);
  expect(await timeline.has({ kind: 'connection-state', peer: 'alice' })).toBe(false);
});
