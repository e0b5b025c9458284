import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lintSource } from '../../rtc/legacy/source.ts';
import { exhibits } from './exhibits.ts';

const read = (claim: string, way: 'wrong' | 'right') => {
  const file = `src/claims/${claim}/${way}.ts`;
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};

test('each exhibit stands in one place', () => {
  const claims = exhibits.map(({ claim }) => claim);
  expect(new Set(claims).size).toBe(claims.length);
});

test.each(exhibits)(
  'the linter finds what is old in $claim, and nothing in its modern form',
  ({ claim, word }) => {
    const ids = (source: string) => lintSource(source).findings.map(({ id }) => id);
    expect(ids(read(claim, 'wrong') ?? '')).toContain(word);
    expect(ids(read(claim, 'right') ?? '')).toEqual([]);
  },
);

test('an exercise that an exhibit points at exists', () => {
  for (const { exercise } of exhibits)
    if (exercise) expect(existsSync(`src/exercises/${exercise}/exercise.ts`), exercise).toBe(true);
});
