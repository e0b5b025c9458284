/** A piece of TypeScript in a lesson. */
export interface Snippet {
  /** Line of its first line of code in the lesson, from 1. */
  readonly line: number;
  /** What the reader is to write: lines that the fence marks with `del` are empty. */
  readonly code: string;
  /** Whether it says `run`: it can be carried out as it stands. */
  readonly runs: boolean;
}

const FENCE = /^( *)(`{3,})ts\b([^\n]*)\n([\s\S]*?)^\1\2 *$/gm;

/** All ```ts fences of a lesson, in its order. */
export function snippetsOf(text: string): Snippet[] {
  return [...text.matchAll(FENCE)].map(([, indent = '', , meta = '', body = ''], index, all) => {
    const before = text.slice(0, all[index]?.index);
    const deleted = linesOf(/\bdel=\{([^}]*)\}/.exec(meta)?.[1] ?? '');
    const code = body
      .split('\n')
      .map((line, at) => (deleted.has(at + 1) ? '' : line.slice(indent.length)))
      .join('\n');
    return { line: before.split('\n').length + 1, code, runs: /\brun\b/.test(meta) };
  });
}

/** The numbers of `1,3-5`. */
function linesOf(ranges: string): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const range of ranges.split(',')) {
    const [first = 0, last = first] = range.split('-').map(Number);
    for (let line = first; line <= last; line += 1) lines.add(line);
  }
  return lines;
}
