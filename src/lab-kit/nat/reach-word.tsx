import type { Reach } from '../../rtc/nat-sim/simulate.ts';
import { reachNames } from '../../rtc/nat-sim/words.ts';

/** How two reach each other: its sign, and its word in its colour. */
export function ReachWord({ reach }: { readonly reach: Reach }) {
  const { name, sign } = reachNames[reach];
  return (
    <span class="nat-reach" data-reach={reach}>
      <span aria-hidden="true">{sign}</span> {name}
    </span>
  );
}
