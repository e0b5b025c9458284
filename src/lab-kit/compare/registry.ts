import { columnIds, type ColumnId, type CompareTask } from './define.ts';
import type { ColumnSource } from './measures.ts';

/** Every folder of src/compare that has a task.ts. The folder's name is the task's id. */
const tasks = import.meta.glob<{ default: CompareTask }>('../../compare/*/task.ts');
const sources = import.meta.glob<string>('../../compare/*/*.ts', { query: '?raw', import: 'default' });

/** In which order tasks are offered: from the first message to the end of a call. Others come behind. */
const order = [
  'text',
  'call',
  'receive-only',
  'screen',
  'file',
  'broken-network',
  'three',
  'unreliable',
  'closing',
];

const place = (id: string): number => {
  const known = order.indexOf(id);
  return known < 0 ? order.length : known;
};

/** The ids of all tasks, in the order in which they are offered. */
export const taskIds: readonly string[] = Object.keys(tasks)
  .map((path) => path.split('/').at(-2) ?? '')
  .toSorted((one, two) => place(one) - place(two) || one.localeCompare(two));

/** @throws {RangeError} when there is no such folder */
export async function loadTask(id: string): Promise<CompareTask> {
  const load = tasks[`../../compare/${id}/task.ts`];
  if (!load) throw new RangeError(`There is no task “${id}”. Tasks: ${taskIds.join(', ')}.`);
  return (await load()).default;
}

/** The columns that a task has. */
export const columnsOf = (task: string): readonly ColumnId[] =>
  columnIds.filter((column) => `../../compare/${task}/${column}.ts` in sources);

/**
 * The text of a column's file, and of the files of `_shared` that it imports, directly or through one another.
 *
 * @throws {RangeError} when the task has no such column
 */
export async function loadSource(task: string, column: ColumnId): Promise<ColumnSource> {
  const read = (path: string): Promise<string> => {
    const load = sources[`../../compare/${path}`];
    if (!load) throw new RangeError(`There is no file ${path}.`);
    return load();
  };
  const own = await read(`${task}/${column}.ts`);
  const shared = new Map<string, string>();
  const follow = async (text: string, isShared: boolean): Promise<void> => {
    for (const name of sharedImports(text, isShared)) {
      if (shared.has(name)) continue;
      const inner = await read(`_shared/${name}`);
      shared.set(name, inner);
      await follow(inner, true);
    }
  };
  await follow(own, false);
  return { own, shared: [...shared].map(([name, text]) => ({ name, text })) };
}

/** The files of `_shared` that a file imports code from, in its order; types alone are no code. */
export function sharedImports(text: string, isShared = false): string[] {
  const from = isShared
    ? /^import\s(?!type\b)[^;]*?from\s+'\.\/([\w-]+\.ts)';/gm
    : /^import\s(?!type\b)[^;]*?from\s+'\.\.\/_shared\/([\w-]+\.ts)';/gm;
  return [...new Set([...text.matchAll(from)].map(([, name = '']) => name))];
}
