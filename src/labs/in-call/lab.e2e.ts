import type { Page } from 'playwright/test';
import { expect, test } from '../../../tests/support/lab.ts';

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
/** Firefox goes on sending one small frame a second on a sender whose track was taken away. */
const nothing = /^(nothing|[01] frames? a second)/;
const picture = /^([2-9]|\d{2}) frames a second/;

test('mute, camera and screen come and go with one offer in all @firefox', async ({ lab, page }) => {
  const timeline = await lab.run('in-call');
  await timeline.until({ kind: 'connection-state', peer: 'bob', state: 'connected' });
  const says = page.locator('.in-call .ends-verdict');
  const section = (mid: number) => page.locator(`[data-mid="${mid}"] td`);
  await expect(section(1)).toHaveText(picture);
  await press(page, 'Share the screen');
  await expect(section(2)).toHaveText(picture);
  await press(page, 'Mute');
  await press(page, 'Camera off');
  await expect(section(1)).toHaveText(nothing);
  await expect(says).toHaveText('“Camera off” needed no offer. 1 offer since the call began.');
  await press(page, 'Camera on');
  await expect(section(1)).toHaveText(picture);
  await press(page, 'Stop sharing');
  await expect(section(2)).toHaveText(nothing);
  await expect(says).toHaveText('“Stop sharing” needed no offer. 1 offer since the call began.');
  // What is muted is sent as silence: packets go on.
  await expect(section(0)).toContainText('packets a second');
});

test('the same buttons with tracks that are added and removed negotiate each time', async ({ lab, page }) => {
  const timeline = await lab.run('in-call', { way: 'add' });
  await timeline.until({ kind: 'connection-state', peer: 'bob', state: 'connected' });
  const says = page.locator('.in-call .ends-verdict');
  await press(page, 'Share the screen');
  await expect(says).toHaveText('“Share the screen” had to be negotiated. 2 offers since the call began.');
  await press(page, 'Mute');
  await expect(says).toHaveText('“Mute” had to be negotiated. 3 offers since the call began.');
});
