/**
 * All calls of the laboratory, with Firefox as the other browser too, and their recordings for the site: `npm run natlab`.
 */
import { allCells } from './cells.ts';
import { keep, tidy } from './keep.ts';
import { expect, test } from './lab.ts';
import { wayOf } from './way.ts';

const hasFirefox = process.env['FIREFOX_PATH'] !== undefined;

test.beforeAll(() => tidy(allCells.map(({ id }) => id)));
test.afterAll(() => tidy(allCells.map(({ id }) => id)));

for (const cell of allCells)
  test(`${cell.id}: ${cell.expected}`, async ({ natlab }) => {
    test.skip(cell.browserB === 'firefox' && !hasFirefox, 'there is no Firefox here');
    const result = await natlab.call(cell, cell.expected);
    expect(wayOf(result.outcome)).toBe(cell.expected);
    keep(cell, result, await natlab.browsersOf(cell));
  });
