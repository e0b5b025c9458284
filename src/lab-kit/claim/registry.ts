import type { ClaimDefinition, ClaimTools } from './define.ts';

/** The two ways of a claim: what people do, and what works. */
export type Way = 'wrong' | 'right';

interface ClaimModule {
  readonly run: (tools: ClaimTools) => Promise<string>;
}

/** Every folder of src/claims. The folder's name is the claim's id. */
const definitions = import.meta.glob<{ default: ClaimDefinition }>('../../claims/*/claim.ts');
const modules = import.meta.glob<ClaimModule>('../../claims/*/{wrong,right}.ts');

/** The ids of all claims, in alphabetical order. */
const claimIds: readonly string[] = Object.keys(definitions)
  .map((path) => path.split('/').at(-2) ?? '')
  .toSorted();

/** @throws {RangeError} when there is no such folder */
export async function loadClaim(id: string): Promise<ClaimDefinition> {
  const load = definitions[`../../claims/${id}/claim.ts`];
  if (!load) throw new RangeError(`There is no claim “${id}”. Claims: ${claimIds.join(', ')}.`);
  return (await load()).default;
}

/** Fetches the code of one way; undefined where a claim has no such file. */
export async function loadWay(id: string, way: Way): Promise<ClaimModule['run'] | undefined> {
  return (await modules[`../../claims/${id}/${way}.ts`]?.())?.run;
}
