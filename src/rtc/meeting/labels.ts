import type { PeerLabel } from '../timeline.ts';

/** A name for a lifeline that no other one has: two people may call themselves the same. */
export function uniqueLabel(name: string, taken: ReadonlySet<PeerLabel>): PeerLabel {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) {
    const label = `${name} ${number}`;
    if (!taken.has(label)) return label;
  }
}
