import { expect, test } from 'vitest';
import { keepChoice, readChoices, type ChoiceStorage } from './choices.ts';

function memory(kept: string | null = null): ChoiceStorage & { kept: () => string | null } {
  return { getItem: () => kept, setItem: (_, value) => void (kept = value), kept: () => kept };
}

test('choices are kept one by one', () => {
  const storage = memory();
  keepChoice(storage, { camera: 'a' });
  keepChoice(storage, { speaker: 'b' });
  keepChoice(storage, { camera: 'c' });
  expect(readChoices(storage)).toEqual({ camera: 'c', speaker: 'b' });
});

test.each([null, 'no JSON', '[]', 'null', '7', '{"camera":7,"microphone":"","speaker":{}}'])(
  'what is not ours is nothing: %s',
  (kept) => expect(readChoices(memory(kept))).toEqual({}),
);

test('a storage that is full, forbidden or missing is no trouble', () => {
  const forbidden: ChoiceStorage = {
    getItem: () => {
      throw new Error('SecurityError');
    },
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
  };
  expect(() => keepChoice(forbidden, { camera: 'a' })).not.toThrow();
  expect(readChoices(forbidden)).toEqual({});
  expect(readChoices(null)).toEqual({});
});
