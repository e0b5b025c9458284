import { readdirSync } from 'node:fs';
import type { Outcome } from '../../src/lab-kit/claim/outcome.ts';
import { expect, test } from '../support/lab.ts';

type Pane = HTMLElement & { try(): Promise<readonly Outcome[]> };

test.describe('what people get wrong', () => {
  // The wrong ways complain: that is what they are for.
  test.use({ mayComplain: [/./] });

  test('every claim comes out as it says in this browser @firefox', async ({ page, browserName }) => {
    await page.goto('/claims/');
    const found = await page.evaluate(async () => {
      const panes = [...document.querySelectorAll<Pane>('claim-pane')];
      const found: { id: string; outcomes: readonly Outcome[] }[] = [];
      // They wait more than they work: three at a time.
      const lane = async () => {
        for (let pane = panes.shift(); pane; pane = panes.shift())
          found.push({ id: pane.dataset['claim'] ?? '', outcomes: await pane.try() });
      };
      await Promise.all([lane(), lane(), lane()]);
      return found;
    });
    expect(found.map(({ id }) => id).toSorted()).toEqual(readdirSync('src/claims').toSorted());
    const wrong = found.filter(
      ({ outcomes }) => outcomes.length === 0 || !outcomes.every((one) => one.agrees),
    );
    expect(wrong, `not as claimed in ${browserName}`).toEqual([]);
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
