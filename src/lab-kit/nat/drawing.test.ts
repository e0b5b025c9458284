import { expect, test } from 'vitest';
import { behaviours, between, type NetworkPlan } from '../../rtc/nat-sim/plan.ts';
import { simulate } from '../../rtc/nat-sim/simulate.ts';
import { layoutOf, wayOf, WIDTH } from './drawing.ts';

const carrier = behaviours['port-restricted'];
if (!carrier) throw new Error('no such kind');
const plain = between('port-restricted', 'symmetric', 'turn');
const plans: readonly (readonly [string, NetworkPlan])[] = [
  ['two homes', plain],
  ['two public addresses', between('none', 'none', 'stun')],
  ['one home', { ...plain, sameRouter: true }],
  [
    'one home behind a carrier',
    { ...plain, sameRouter: true, carrier: { behaviour: carrier, serves: 'both' } },
  ],
  ['a carrier before one', { ...plain, carrier: { behaviour: carrier, serves: 'a' } }],
  [
    'a carrier before both',
    { ...plain, carrier: { behaviour: { ...carrier, hairpinning: true }, serves: 'both' } },
  ],
];

test.each(plans)('%s: nothing lies upon another, and each packet moves along the lines', (_, plan) => {
  const simulation = simulate(plan);
  const layout = layoutOf(simulation);
  const places = [...layout.nodes.values()];
  for (const [index, { x, y }] of places.entries()) {
    expect(x - 62).toBeGreaterThanOrEqual(0);
    expect(x + 62).toBeLessThanOrEqual(WIDTH);
    expect(y + 22).toBeLessThanOrEqual(layout.height);
    for (const other of places.slice(index + 1))
      expect(Math.abs(other.x - x) >= 124 || Math.abs(other.y - y) >= 44).toBe(true);
  }
  const isLink = (one: object, other: object) =>
    layout.links.some(([a, b]) => (a === one && b === other) || (a === other && b === one));
  for (const { event } of simulation.steps) {
    if (event.is !== 'packet') continue;
    const way = wayOf(event.journey, layout, simulation.behind);
    for (const [index, point] of way.entries()) {
      const before = way[index - 1];
      if (before) expect(isLink(before, point)).toBe(true);
    }
  }
});
