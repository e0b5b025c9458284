import { javascriptLanguage } from '@codemirror/lang-javascript';
import { transform } from 'sucrase';
import { GUARD } from './guard.ts';

/** JavaScript that a browser runs, or why there is none. `line` counts from 1, as in the learner's text. */
export type Stripped =
  | { readonly ok: true; readonly code: string }
  | { readonly ok: false; readonly line: number; readonly text: string };

/**
 * Makes a module that can run natively of the learner's TypeScript: types are left out, and each loop and function asks
 * {@link GUARD} whether it may go on, so that an endless one ends. Each line keeps its number.
 */
export function strip(source: string): Stripped {
  let code: string;
  try {
    ({ code } = transform(source, {
      transforms: ['typescript'],
      disableESTransforms: true,
      keepUnusedImports: false,
    }));
  } catch (error) {
    const { line = 1 } = (error as { loc?: { line: number } }).loc ?? {};
    const text = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      line,
      text: text.replace(/^Error transforming [^:]*: /, '').replace(/ \(\d+:\d+\)$/, ''),
    };
  }
  return guarded(code);
}

type Node = ReturnType<typeof javascriptLanguage.parser.parse>['topNode'];

const LOOPS: ReadonlySet<string> = new Set(['WhileStatement', 'DoStatement', 'ForStatement']);
const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunction',
  'MethodDeclaration',
]);

/** Puts the question into the body of each loop and function. What does not parse is refused: it would go unwatched. */
function guarded(code: string): Stripped {
  const inserts: { at: number; text: string }[] = [];
  const closers: { at: number; text: string }[] = []; // the innermost first, and before what opens at the same place
  let wrong: number | undefined;
  const lineAt = lineCounter(code);
  const open = (body: Node, before: string, after: string) => {
    inserts.push({ at: body.from, text: before });
    closers.unshift({ at: body.to, text: after });
  };
  const tree = javascriptLanguage.parser.parse(code);
  tree.iterate({
    enter: ({ node }) => {
      if (node.type.isError) wrong ??= node.from;
      const isLoop = LOOPS.has(node.name);
      if (!isLoop && !FUNCTIONS.has(node.name)) return;
      const body = bodyOf(node, isLoop);
      if (!body) return;
      const ask = `${GUARD}(${lineAt(node.from)})`;
      if (body.name === 'Block') inserts.push({ at: body.from + 1, text: `${ask};` });
      else if (isLoop) open(body, `{${ask};`, '}');
      else open(body, `(${ask},`, ')');
    },
  });
  if (wrong !== undefined)
    return {
      ok: false,
      line: lineAt(wrong),
      text: 'The code cannot be read from here on: a bracket, a comma or a word is missing or too many.',
    };
  let text = '';
  let from = 0;
  for (const insert of [...closers, ...inserts].toSorted((one, other) => one.at - other.at)) {
    text += code.slice(from, insert.at) + insert.text;
    from = insert.at;
  }
  return { ok: true, code: text + code.slice(from) };
}

function bodyOf(node: Node, isLoop: boolean): Node | null {
  if (node.name === 'DoStatement') return node.firstChild?.nextSibling ?? null;
  return isLoop || node.name === 'ArrowFunction' ? node.lastChild : node.getChild('Block');
}

function lineCounter(code: string): (at: number) => number {
  const starts = [0, ...Array.from(code.matchAll(/\n/g), ({ index }) => index + 1)];
  return (at) => starts.findLastIndex((start) => start <= at) + 1;
}
