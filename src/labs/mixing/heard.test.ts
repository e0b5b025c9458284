import { expect, test } from 'vitest';
import { toneOf } from '../../rtc/media/tone.ts';
import { voicesIn } from './heard.ts';

test('a voice is heard by its own tone, and not by one beside it', () => {
  const rateHz = 48_000;
  const levels = new Float32Array(4096).fill(-100);
  levels[Math.round((toneOf('bob') / (rateHz / 2)) * levels.length)] = -22;
  expect(voicesIn(levels, rateHz, ['alice', 'bob', 'carol']).map(({ of, isHeard }) => [of, isHeard])).toEqual(
    [
      ['alice', false],
      ['bob', true],
      ['carol', false],
    ],
  );
  expect(voicesIn(new Float32Array(0), rateHz, ['alice'])[0]?.isHeard).toBe(false);
});
