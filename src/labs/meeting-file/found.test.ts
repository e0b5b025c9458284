import { expect, test } from 'vitest';
import { toneOf } from '../../rtc/media/tone.ts';
import { cellsOf } from './desk.ts';
import { foundIn } from './found.ts';

const people = ['alice', 'bob', 'carol'];

test('whose pictures and whose tones are in a file, and when it begins by the clock in them', () => {
  const rateHz = 48_000;
  const samples = Float32Array.from({ length: rateHz }, (_, index) =>
    ['alice', 'carol'].reduce(
      (sum, name) => sum + 0.1 * Math.sin((2 * Math.PI * toneOf(name) * index) / rateHz),
      0,
    ),
  );
  const code = (peer: string, frame: number, atSec: number) => ({
    peer,
    frame,
    atSec,
    clockMs: 5_000 + atSec * 1000,
  });
  const codes = [[code('alice', 1, 0.5), code('alice', 2, 0.6)], [], [code('carol', 7, 0.5)]];
  const found = foundIn({ codes, sound: { samples, rateHz } }, people);
  expect([...found.seen]).toEqual([
    ['alice', 2],
    ['carol', 1],
  ]);
  expect(found.heard).toEqual(['alice', 'carol']);
  expect(found.beginsMs).toBe(5_000);
  expect(foundIn({ codes: [[]], sound: undefined }, people)).toEqual({
    seen: new Map(),
    heard: [],
    beginsMs: undefined,
  });
});

test('everybody has a cell in the file of all, and the whole picture in their own', () => {
  const cells = cellsOf('meeting', people);
  expect(cells).toHaveLength(3);
  for (const { x, y, width, height } of cells) {
    expect(x + width).toBeLessThanOrEqual(1);
    expect(y + height).toBeLessThanOrEqual(1);
    expect(width * 640).toBeGreaterThan(200);
  }
  expect(cellsOf('bob', people)).toEqual([{ x: 0, y: 0, width: 1, height: 1 }]);
});
