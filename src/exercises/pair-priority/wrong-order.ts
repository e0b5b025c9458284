// order: has a lower priority than pair
interface Pair {
  controlling: number;
  controlled: number;
}

export function pairPriority(g: number, d: number): bigint {
  return 2n ** 32n * BigInt(Math.min(g, d)) + 2n * BigInt(Math.max(g, d)) + (g > d ? 1n : 0n);
}

export function checklist(pairs: Pair[]): Pair[] {
  const priority = ({ controlling, controlled }: Pair) => pairPriority(controlling, controlled);
  return pairs.toSorted((one, other) => (priority(one) < priority(other) ? -1 : 1));
}
