import { plan, samples, sources, statements } from './curriculum.ts';

/** What a lesson that exists says of itself in its frontmatter. */
export interface Covering {
  readonly number: string;
  readonly seeds: readonly string[];
  readonly flags: readonly number[];
  readonly samples: readonly number[];
}

export type ItemKind = 'seeds' | 'flags' | 'samples';

/** One thing to teach, and where it is taught. */
export interface Item<L extends Covering = Covering> {
  readonly kind: ItemKind;
  /** As it is written: “4-20”, “⚑7”, “W12”. */
  readonly label: string;
  readonly text: string;
  /** Lessons that exist and cover it. */
  readonly lessons: readonly L[];
  /** The numbers of the lessons that are to cover it. */
  readonly planned: readonly string[];
  /** `open`: a lesson of the parts that are to be complete should have it, and none has. `later`: another part will. */
  readonly standing: 'covered' | 'open' | 'later';
}

/** The parts that are to be complete. */
export const COMPLETE_PARTS = 2;

/** All items with where they are taught. @param lessons those that exist */
export function coverage<L extends Covering>(lessons: readonly L[]): Item<L>[] {
  const item = <K extends ItemKind>(
    kind: K,
    key: Covering[K][number],
    label: string,
    text: string,
  ): Item<L> => {
    const has = (one: Covering) => (one[kind] as readonly unknown[]).includes(key);
    const found = lessons.filter(has);
    const planned = plan.filter(has).map(({ number }) => number);
    const isDue = planned.some((number) => Number.parseInt(number, 10) <= COMPLETE_PARTS);
    const missing = isDue ? 'open' : 'later';
    return { kind, label, text, lessons: found, planned, standing: found.length > 0 ? 'covered' : missing };
  };
  return [
    ...sources.flatMap(({ items }, source) =>
      items.map((text, at) => item('seeds', `${source}-${at + 1}`, `${source}-${at + 1}`, text)),
    ),
    ...statements.map((text, at) => item('flags', at + 1, `⚑${at + 1}`, text)),
    ...samples.map((text, at) => item('samples', at + 1, `W${at + 1}`, text)),
  ];
}
