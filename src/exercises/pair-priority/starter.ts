interface Pair {
  controlling: number;
  controlled: number;
}

/** The priority of a pair. @param g priority of the controlling agent's candidate @param d of the controlled one's */
export function pairPriority(g: number, d: number): bigint {
  return BigInt(g + d);
}

/** The pairs in the order in which they are checked. */
export function checklist(pairs: Pair[]): Pair[] {
  return pairs;
}
