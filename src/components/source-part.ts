/** A part of a source file, as a page shows it. */
export interface SourcePart {
  readonly code: string;
  /** The number of its first line in the file, from 1. */
  readonly firstLine: number;
}

/**
 * The function, method or statement whose first line begins with `begins`, with the comment above it.
 *
 * @param begins how exactly one line of the file begins, indent included
 * @throws {Error} when no line begins so, or more than one: a page that shows it has to be looked at
 */
export function partOf(source: string, begins: string): SourcePart {
  const lines = source.split('\n');
  const found = lines.flatMap((line, index) => (line.startsWith(begins) ? [index] : []));
  const [start] = found;
  if (start === undefined) throw new Error(`no line begins with “${begins}”`);
  if (found.length > 1) throw new Error(`${found.length} lines begin with “${begins}”`);
  const indent = /^ */.exec(begins)?.[0] ?? '';
  const isEnd = (line: string) => line.startsWith(`${indent}}`) || line.startsWith(`${indent}]`);
  const opens = /[{[(]$/.test(lines[start] ?? '');
  const end = opens ? lines.findIndex((line, index) => index > start && isEnd(line)) : start;
  const isComment = (line: string | undefined) => /^ *(\/\*\*|\*|\/\/)/.test(line ?? '');
  let first = start;
  while (isComment(lines[first - 1])) first -= 1;
  const code = lines.slice(first, end + 1).map((line) => line.replace(indent, ''));
  return { code: code.join('\n'), firstLine: first + 1 };
}
