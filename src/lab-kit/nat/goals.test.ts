import { expect, test } from 'vitest';
import { behaviours, between, type NetworkPlan } from '../../rtc/nat-sim/plan.ts';
import { simulate } from '../../rtc/nat-sim/simulate.ts';
import { consistent, goals } from './goals.ts';

const missing = (id: string, plan: NetworkPlan) =>
  goals.find((goal) => goal.id === id)?.missing(simulate(plan));
const cone = behaviours['port-restricted'];
if (!cone) throw new Error('no such kind');
const sharedCarrier: NetworkPlan = {
  ...between('port-restricted', 'port-restricted', 'turn'),
  carrier: { behaviour: cone, serves: 'both' },
};

test('only by prflx: a symmetric NAT against an address-restricted one', () => {
  expect(missing('nat-build-prflx', between('address-restricted', 'symmetric', 'stun'))).toBeUndefined();
  expect(missing('nat-build-prflx', between('port-restricted', 'port-restricted', 'stun'))).toBe(
    'Wanted: prflx. Seen: direct.',
  );
  expect(missing('nat-build-prflx', between('symmetric', 'symmetric', 'stun'))).toBe(
    'Wanted: prflx. Seen: not at all.',
  );
  expect(missing('nat-build-prflx', between('address-restricted', 'symmetric', 'turn'))).toMatch(
    /TURN server/,
  );
});

test('a relay between innocents: one carrier without hairpinning', () => {
  expect(missing('nat-build-innocent', sharedCarrier)).toBeUndefined();
  expect(missing('nat-build-innocent', between('port-restricted', 'symmetric', 'turn'))).toBe(
    'Wanted: home routers with endpoint-independent mapping. Seen: symmetric.',
  );
  expect(missing('nat-build-innocent', { ...sharedCarrier, servers: 'stun' })).toBe(
    'Wanted: a relay. Seen: not at all.',
  );
});

test('round the bend: isolated devices meet outside of a hairpinning router', () => {
  const home: NetworkPlan = {
    ...between('port-restricted', 'none', 'stun'),
    sameRouter: true,
    isolation: true,
  };
  expect(missing('nat-build-hairpin', home)).toBe('Wanted: direct. Seen: not at all.');
  expect(missing('nat-build-hairpin', { ...home, a: { ...cone, hairpinning: true } })).toBeUndefined();
  expect(missing('nat-build-hairpin', { ...home, isolation: false })).toMatch(/another network/);
});

test('choices that rule each other out are put right', () => {
  const plan = { ...between('none', 'symmetric', 'stun'), sameRouter: true, isolation: true };
  expect(consistent(plan)).toMatchObject({ sameRouter: false, isolation: false });
});
