// exact: are wrong
interface Pair {
  controlling: number;
  controlled: number;
}

export function pairPriority(g: number, d: number): bigint {
  return BigInt(2 ** 32 * Math.min(g, d) + 2 * Math.max(g, d) + (g > d ? 1 : 0));
}

export function checklist(pairs: Pair[]): Pair[] {
  const priority = ({ controlling, controlled }: Pair) => pairPriority(controlling, controlled);
  return pairs.toSorted((one, other) => (priority(one) < priority(other) ? 1 : -1));
}
