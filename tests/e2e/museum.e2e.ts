import { exhibits } from '../../src/lab-kit/museum/exhibits.ts';
import { expect, test } from '../support/lab.ts';

const here = '/lessons/running/museum/';

// The old code complains: that is what it is for.
test.use({ mayComplain: [/./] });

test('the whole museum runs in this browser: each exhibit comes out as its label says, and the table tells it @firefox', async ({
  page,
}) => {
  await page.goto(`${here}#exhibit-add-stream`);
  const linked = page.locator('#exhibit-add-stream');
  await expect(linked).toHaveAttribute('open', '');

  const hall = page.locator('museum-hall');
  await hall.getByRole('button', { name: 'Run the whole museum' }).click();
  const status = hall.locator('.museum-guide').getByRole('status');
  await expect(status).toHaveText(
    /^\d+ exhibits ran just now in (Chromium|Firefox) \d+: all came out as in /,
    {
      timeout: 60_000,
    },
  );

  const rows = await hall.locator('tr[data-exhibit]').evaluateAll((found) =>
    found.map((row) => ({
      id: (row as HTMLElement).dataset['exhibit'],
      asks: (row as HTMLElement).dataset['asks'],
      comes: row.querySelector<HTMLElement>('[data-here]')?.dataset['comes'],
      lines: row.querySelectorAll('[data-here] p').length,
    })),
  );
  expect(rows.map(({ id }) => id)).toEqual(exhibits.map(({ claim }) => claim));
  // Nobody was asked for a camera, for nobody has ticked that.
  expect(rows.filter(({ asks }) => asks).map(({ lines }) => lines)).toEqual([0, 0]);
  const ran = rows.filter(({ asks }) => !asks);
  expect(ran.filter(({ comes }) => comes !== 'same')).toEqual([]);
  expect(ran.every(({ lines }) => lines > 0)).toBe(true);
  await expect(linked.locator('claim-pane').getByRole('status')).toContainText('the same as in');

  // The linter reads what is put there, executes nothing, and points at the place.
  const linter = page.locator('legacy-linter');
  await linter.getByRole('button', { name: 'Put a call of 2013 there' }).click();
  await expect(linter.getByRole('status')).toHaveText(/^\d+ found, in \d+ of \d+ lines\.$/);
  await linter.getByRole('textbox').fill('pc.addStream(stream);\nconst servers = [\n');
  await expect(linter.getByRole('status')).toHaveText(
    /^Line 3: .+ 1 found, in 1 of 2 lines in what can be read\.$/,
  );
  const found = linter.getByRole('listitem');
  await expect(found).toHaveCount(1);
  await expect(found).toContainText('Still works, for old pages');
  await found.getByRole('button', { name: 'Line 1' }).click();
  const selected = await linter
    .getByRole('textbox')
    .evaluate((field: HTMLTextAreaElement) => field.value.slice(field.selectionStart, field.selectionEnd));
  expect(selected).toBe('addStream');
});
