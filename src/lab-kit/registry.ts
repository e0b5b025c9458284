import type { LabDefinition } from './define.ts';

/** Every folder of src/labs that has a lab.ts. The folder's name is the lab's id and its URL. */
const modules = import.meta.glob<{ default: LabDefinition }>('../labs/*/lab.ts');

const loaders = new Map(
  Object.entries(modules)
    .map(([path, load]) => [path.split('/').at(-2) ?? '', load] as const)
    .filter(([id]) => !id.startsWith('_')),
);

/** The ids of all labs, in alphabetical order. */
export const labIds: readonly string[] = [...loaders.keys()].toSorted();

/** Loads one lab and the code it needs. @throws {RangeError} when there is no such folder */
export async function loadLab(id: string): Promise<LabDefinition> {
  const load = loaders.get(id);
  if (!load) throw new RangeError(`There is no lab “${id}”. Labs: ${labIds.join(', ')}.`);
  return (await load()).default;
}
