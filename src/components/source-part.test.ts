import { expect, test } from 'vitest';
import { partOf } from './source-part.ts';

const source = `/** What it is. */
export class Link {
  receive(id: string): void {
    if (id) {
      look();
    }
  }

  /** Anew. */
  #begin(): void {
    open();
  }
}
`;

test('a part begins with the line that is named and ends where its bracket does, without its indent', () => {
  expect(partOf(source, '  receive(')).toEqual({
    code: 'receive(id: string): void {\n  if (id) {\n    look();\n  }\n}',
    firstLine: 3,
  });
});

test('a comment that belongs to it is part of it', () => {
  expect(partOf(source, '  #begin(')?.code).toBe('/** Anew. */\n#begin(): void {\n  open();\n}');
});

test('what is not there, or there twice, is an error', () => {
  expect(() => partOf(source, 'gone(')).toThrow('no line');
  expect(() => partOf(source, '  }')).toThrow('2 lines');
});
