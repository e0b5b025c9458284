import { addresses, type NatId } from '../../rtc/nat-sim/network.ts';
import type { NatBehaviour, NetworkPlan } from '../../rtc/nat-sim/plan.ts';
import type { Simulation } from '../../rtc/nat-sim/simulate.ts';

export { addresses };

/** Each NAT of a network, with its address outside. */
export function natsOf(
  { a, b, carrier }: NetworkPlan,
  behind: Simulation['behind'],
): Partial<Record<NatId, { behaviour: NatBehaviour; address: string }>> {
  const chains = [behind.a, behind.b];
  const outside = (id: 'router-a' | 'router-b') =>
    chains.some((chain) => chain.includes(id) && chain.includes('carrier'))
      ? addresses[`${id} behind carrier`]
      : addresses[id];
  const all = { 'router-a': a, 'router-b': b, carrier: carrier?.behaviour };
  const found: Partial<Record<NatId, { behaviour: NatBehaviour; address: string }>> = {};
  for (const id of ['router-a', 'router-b', 'carrier'] as const) {
    const behaviour = all[id];
    if (!behaviour || !chains.some((chain) => chain.includes(id))) continue;
    found[id] = { behaviour, address: id === 'carrier' ? addresses.carrier : outside(id) };
  }
  return found;
}
