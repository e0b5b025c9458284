import type { ColumnId, ColumnModule } from './define.ts';

/** The code of the columns; only the page of a participant loads it, so that its globals are that page's. */
const modules = import.meta.glob<ColumnModule>('../../compare/*/{raw,peerjs,helper,simple-peer}.ts');

/** @throws {RangeError} when the task has no such column */
export async function loadColumn(task: string, column: ColumnId): Promise<ColumnModule> {
  const load = modules[`../../compare/${task}/${column}.ts`];
  if (!load) throw new RangeError(`The task “${task}” has no column “${column}”.`);
  return load();
}
