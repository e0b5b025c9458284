interface Pair {
  controlling: number;
  controlled: number;
}

/** The priority of a pair. @param g priority of the controlling agent's candidate @param d of the controlled one's */
export function pairPriority(g: number, d: number): bigint {
  return 2n ** 32n * BigInt(Math.min(g, d)) + 2n * BigInt(Math.max(g, d)) + (g > d ? 1n : 0n);
}

/** The pairs in the order in which they are checked. */
export function checklist(pairs: Pair[]): Pair[] {
  const priority = ({ controlling, controlled }: Pair) => pairPriority(controlling, controlled);
  return pairs.toSorted((one, other) => (priority(one) < priority(other) ? 1 : -1));
}
