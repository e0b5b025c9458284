import type { ExerciseDefinition } from './define.ts';

/** Every folder of src/exercises. The folder's name is the exercise's id and its URL. */
const modules = import.meta.glob<{ default: ExerciseDefinition }>('../../exercises/*/exercise.ts');
const sources = import.meta.glob<string>('../../exercises/*/{starter,solution}.ts', {
  query: '?raw',
  import: 'default',
});

const idOf = (path: string) => path.split('/').at(-2) ?? '';

/** The ids of all exercises, in alphabetical order. */
export const exerciseIds: readonly string[] = Object.keys(modules).map(idOf).toSorted();

/** @throws {RangeError} when there is no such folder */
export async function loadExercise(id: string): Promise<ExerciseDefinition> {
  const load = modules[`../../exercises/${id}/exercise.ts`];
  if (!load) throw new RangeError(`There is no exercise “${id}”. Exercises: ${exerciseIds.join(', ')}.`);
  return (await load()).default;
}

/** The text of `starter.ts` or `solution.ts`; empty for an exercise without code. */
export async function loadSource(id: string, which: 'starter' | 'solution'): Promise<string> {
  return (await sources[`../../exercises/${id}/${which}.ts`]?.()) ?? '';
}
