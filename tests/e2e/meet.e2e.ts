import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { toneOf } from '../../src/rtc/media/tone.ts';
import { expect, test } from '../support/lab.ts';
import { Gathering } from '../support/meet.ts';

test('three people meet: each sees and hears both others, and not themselves @firefox', async ({
  browser,
  browserName,
  server,
}) => {
  await using meeting = new Gathering(browser, server.url);
  const [alice, bob, carol] = await meeting.join('alice', 'bob', 'carol');
  await alice.untilSees('bob', 'carol');
  await bob.untilSees('alice', 'carol');
  await carol.untilSees('alice', 'bob');
  // Firefox makes no sound on a computer without a sound device, and so there is none to be heard.
  if (browserName === 'chromium') {
    await alice.untilHears('bob', 'carol');
    await carol.untilHears('alice', 'bob');
  }
  // The picture under a name is theirs, in their colour too.
  const hues = (await carol.seen()).map(({ title, hue }) => [title, hue] as const);
  expect(near(new Map(hues).get('alice'), 176)).toBe(true);
  expect(near(new Map(hues).get('bob'), 36)).toBe(true);
});

test('mute, a camera that goes off and on again, and leaving are seen by the others', async ({
  browser,
  server,
}) => {
  await using meeting = new Gathering(browser, server.url);
  const [alice, bob] = await meeting.join('alice', 'bob');
  await alice.untilSees('bob');
  await alice.untilHears('bob');
  await expect
    .poll(async () => (await alice.tiles()).find(({ title }) => title === 'bob')?.speaking)
    .toBe(true);

  await bob.press('Mute');
  await expect(alice.tile('bob')).toHaveAttribute('data-muted');
  await alice.untilHears();
  await bob.page.keyboard.press('m');
  await expect(alice.tile('bob')).not.toHaveAttribute('data-muted');
  await alice.untilHears('bob');

  await bob.press('Turn the camera off');
  await expect(alice.tile('bob')).toHaveAttribute('data-camera', 'false');
  await expect(alice.tile('bob').locator('video')).toHaveCount(0);
  await bob.press('Turn the camera on');
  await alice.untilSees('bob');

  await bob.leave();
  await expect(alice.tile('bob')).toHaveCount(0);
  await expect(alice.page.getByText('bob has left.')).toBeVisible();
  await bob.page.getByRole('button', { name: 'Join again' }).click();
  await bob.join();
  await alice.untilSees('bob');
});

test('another camera and another microphone in mid-call: the other side sees and hears them, without an offer @camera', async ({
  browser,
  server,
}) => {
  await using meeting = new Gathering(browser, server.url);
  const [alice, bob] = await meeting.join('alice', 'bob');
  await alice.untilSees('bob');
  await alice.untilHears('bob');
  const offers = () =>
    bob.withSession(
      ({ people }) =>
        [...people.value][0]?.link?.bench.timeline.entries.filter(({ kind }) => kind === 'description')
          .length,
      null,
    );
  const before = await offers();
  expect(before).toBeGreaterThan(0);

  await bob.page.context().grantPermissions(['camera', 'microphone']);
  await bob.press('More');
  await bob.page.getByRole('button', { name: 'Devices' }).click();
  const camera = bob.page.getByRole('combobox', { name: 'Camera' });
  const microphone = bob.page.getByRole('combobox', { name: 'Microphone' });
  // The names come with the first camera that is opened.
  await bob.withSession(({ media }) => media.openCamera({}), null);
  await bob.withSession(({ media }) => media.openMicrophone({}), null);
  await expect(camera).not.toHaveValue('synthetic');
  const picture = async () =>
    (await alice.seen()).find(({ title, key }) => title === 'bob' && key.endsWith(':camera'))?.tag;
  await expect.poll(picture).toBeNull(); // not the drawn one
  const video = alice.tile('bob').locator('video');
  const frames = () =>
    video.evaluate((element: HTMLVideoElement) => element.getVideoPlaybackQuality().totalVideoFrames);
  const shown = await frames();
  await expect.poll(frames).toBeGreaterThan(shown + 5);
  await expect
    .poll(async () => (await alice.tones()).some((hz) => Math.abs(hz - toneOf('bob')) < 12))
    .toBe(false);

  await camera.selectOption('Synthetic picture');
  await microphone.selectOption('Synthetic tone');
  await alice.untilSees('bob');
  await alice.untilHears('bob');
  expect(await offers()).toBe(before);
});

test('a shared screen stands large at the others, whoever comes later sees it too, and it ends', async ({
  browser,
  server,
}) => {
  await using meeting = new Gathering(browser, server.url);
  const [alice, bob] = await meeting.join('alice', 'bob');
  await bob.press('Share a screen');
  await bob.page.getByRole('button', { name: 'A drawn desktop (synthetic)' }).click();
  await expect(alice.tile('bob', 'screen')).toHaveAttribute('data-large');
  await alice.untilGoesOn('bob', 'screen');
  const [carol] = await meeting.join('carol');
  await carol.untilGoesOn('bob', 'screen');
  await bob.page.keyboard.press('s');
  await expect(alice.tile('bob', 'screen')).toHaveCount(0);
  await expect(carol.tile('bob', 'screen')).toHaveCount(0);
  await alice.untilSees('bob', 'carol');
});

test('a person makes a meeting and joins it with the keyboard alone, and is told what is wrong on the way', async ({
  page,
}) => {
  await page.goto('/meet/');
  await page.getByLabel('Id or link of the meeting').fill('blue room');
  await page.keyboard.press('Enter');
  await expect(page.getByText('This is no id of a meeting.')).toBeVisible();
  await page.getByLabel('Id or link of the meeting').fill('');
  await page.getByRole('link', { name: 'Join this meeting' }).focus();
  await page.keyboard.press('Enter');
  const name = page.getByLabel('Your name');
  await expect(name).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Type a name: the others see it below your picture.')).toBeVisible();
  await page.keyboard.type('Ada');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'You are the only one here' })).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  // Nobody asked for a tone, so there is none until it is turned on; a space turns it on for as long as it is held.
  const own = page.locator('.meet-tile[data-self]');
  await expect(own).toHaveAttribute('data-muted');
  await page.locator('.meet-stage').click({ position: { x: 2, y: 2 } });
  await page.keyboard.down('Space');
  await expect(own).not.toHaveAttribute('data-muted');
  await page.keyboard.up('Space');
  await expect(own).toHaveAttribute('data-muted');
  await page.goto('/meet/?mid=a%20b');
  await expect(page.getByText('This link leads to no meeting.')).toBeVisible();
});

test('axe finds nothing serious and nothing is wider than a phone, before and in a meeting', async ({
  browser,
  server,
}) => {
  await using meeting = new Gathering(browser, server.url);
  const [bob] = await meeting.join('bob');
  const alice = await meeting.open('alice', { viewport: { width: 390, height: 844 } });
  await alice.page.getByText('Devices').click();
  await expectAccessible(alice.page);
  await alice.join();
  await alice.untilSees('bob');
  await alice.press('More');
  await expectAccessible(alice.page);
  await bob.leave();
  await expectAccessible(bob.page);
});

async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
    page.viewportSize()?.width ?? 0,
  );
}

/** Whether two hues are alike, in degrees: an encoder shifts dark colours a little. */
const near = (hue: number | undefined, wanted: number) =>
  hue !== undefined && Math.abs(((hue - wanted + 540) % 360) - 180) < 25;
