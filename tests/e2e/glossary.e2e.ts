import { expect, test } from '../support/lab.ts';

const lesson = '/lessons/connectivity/trickle-ice/';

test('a word of the glossary is explained on hover and on focus, moves nothing, and Escape closes it @firefox', async ({
  page,
}) => {
  await page.goto(lesson);
  const word = page.locator('a[data-term]').first();
  const card = page.getByRole('tooltip');
  await word.scrollIntoViewIfNeeded();
  const before = await word.boundingBox();
  await word.hover();
  await expect(card).toBeVisible();
  await expect(word).toHaveAccessibleDescription(/\w+ \w+/);
  expect(await word.boundingBox()).toEqual(before);
  await page.keyboard.press('Escape');
  await expect(card).toBeHidden();
  // By keyboard: away from the link and back to it.
  await page.mouse.move(0, 0);
  await word.focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await expect(word).toBeFocused();
  await expect(card).toBeVisible();
  const box = await card.boundingBox();
  expect(box!.x + box!.width).toBeLessThanOrEqual(page.viewportSize()!.width);
  // It goes with the link that it explains.
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await expect(card).toBeHidden();
});

test('each word is marked once in a lesson, and not in a heading, a link or code', async ({ page }) => {
  await page.goto(lesson);
  const found = await page.evaluate(() => {
    const links = [...document.querySelectorAll<HTMLElement>('a[data-term]')];
    return {
      ids: links.map(({ dataset }) => dataset['term']),
      misplaced: links.filter((link) => link.closest('h1, h2, h3, h4, code, summary')).length,
      nested: document.querySelectorAll('a a').length,
    };
  });
  expect(found.ids.length).toBeGreaterThan(10);
  expect(new Set(found.ids).size).toBe(found.ids.length);
  expect(found).toMatchObject({ misplaced: 0, nested: 0 });
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });
  test('a tap on a word leads to it in the glossary, and the search finds others', async ({ page }) => {
    await page.goto(lesson);
    const word = page.locator('a[data-term]').first();
    const id = await word.getAttribute('data-term');
    await word.tap();
    await expect(page).toHaveURL(`/glossary/#${id}`);
    await expect(page.locator(`#${id}`)).toBeInViewport();
    await page.getByRole('searchbox', { name: 'Find a word' }).fill('srflx');
    await expect(page.getByRole('status')).toHaveText('1 word');
    await expect(page.locator('#srflx')).toBeVisible();
    await expect(page.locator('#glare')).toBeHidden();
  });
});
