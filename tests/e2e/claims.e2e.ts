import { readdirSync } from 'node:fs';
import type { Page } from 'playwright/test';
import type { Outcome } from '../../src/lab-kit/claim/outcome.ts';
import { expect, test } from '../support/lab.ts';

type Pane = HTMLElement & { try(): Promise<readonly Outcome[]> };

interface Found {
  readonly id: string;
  readonly outcomes: readonly Outcome[];
}

/** Tries the claims of a page, three at a time: they wait more than they work. @param which a selector */
const tryAll = (page: Page, which: string): Promise<readonly Found[]> =>
  page.evaluate(async (selector) => {
    const panes = [...document.querySelectorAll<Pane>(`claim-pane${selector}`)];
    const found: Found[] = [];
    const lane = async () => {
      for (let pane = panes.shift(); pane; pane = panes.shift())
        found.push({ id: pane.dataset['claim'] ?? '', outcomes: await pane.try() });
    };
    await Promise.all([lane(), lane(), lane()]);
    return found;
  }, which);

const notAsClaimed = (found: readonly Found[]) =>
  found.filter(({ outcomes }) => outcomes.length === 0 || !outcomes.every((one) => one.agrees));

test.describe('what people get wrong', () => {
  // The wrong ways complain: that is what they are for.
  test.use({ mayComplain: [/./] });

  test('every claim comes out as it says in this browser @firefox', async ({ page, browserName }) => {
    await page.goto('/claims/');
    // Without its window Chromium has no camera to ask for.
    const found = await tryAll(page, browserName === 'chromium' ? ':not([data-asks])' : '');
    const asking = await page.locator('claim-pane[data-asks]').count();
    const left = browserName === 'chromium' ? asking : 0;
    expect(found).toHaveLength(readdirSync('src/claims').length - left);
    expect(notAsClaimed(found), `not as claimed in ${browserName}`).toEqual([]);
  });

  test('what asks for a camera comes out as it says @camera', async ({ page, context }) => {
    await context.grantPermissions(['camera']);
    await page.goto('/claims/');
    const found = await tryAll(page, '[data-asks]');
    expect(found.length).toBeGreaterThan(0);
    expect(notAsClaimed(found)).toEqual([]);
  });

  test('a reader tries one, and is told what came of it here', async ({ page }) => {
    await page.goto('/lessons/signaling/by-hand/');
    const claim = page.locator('claim-pane').first();
    await claim.getByRole('button', { name: 'Try both in this browser' }).click();
    await expect(claim.getByRole('status')).toHaveText(
      /^Just now in (Chromium|Firefox) \d+: the same as in \w+ \d+\.$/,
    );
    await expect(claim.locator('[data-here=right]')).toHaveText('have-local-offer');
  });
});
