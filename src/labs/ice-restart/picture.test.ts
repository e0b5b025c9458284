import { expect, test } from 'vitest';
import { PictureGap } from './picture.ts';

/** Notes counts that are 100 ms apart, and gives the gaps with the time at which each ended. */
function gapsOf(counts: readonly number[]) {
  const gap = new PictureGap();
  return counts.flatMap((frames, index) => {
    const gapMs = gap.note(frames, index * 100);
    return gapMs === undefined ? [] : [[index * 100, gapMs]];
  });
}
const standing = (frames: number, looks: number) => Array.from({ length: looks }, () => frames);

test('a gap lasts from the last new frame to the next one', () => {
  expect(gapsOf([1, 3, 5, ...standing(5, 30), 6, 8])).toEqual([[3300, 3100]]);
});

test('the time before the first frame is no gap, and neither is a short pause', () => {
  expect(gapsOf([...standing(0, 40), 1, ...standing(1, 10), 2])).toEqual([]);
});

test('a new connection counts from the beginning; its first frame ends the gap', () => {
  expect(gapsOf([90, 92, ...standing(92, 20), ...standing(0, 9), 1, 2])).toEqual([[3100, 3000]]);
});
