/** Part of every `npm test`: the NATs are what they are called, and nine calls take the way that they have to. */
import { quick } from './cells.ts';
import { behaviours, natKinds } from './kinds.ts';
import { expect, test } from './lab.ts';
import { wayOf } from './way.ts';
import { callSteps, checkOrder } from '../../src/rtc/order.ts';

for (const kind of natKinds)
  test(`a NAT that is called ${kind} behaves so`, ({ natlab }) => {
    const { udp, ...measured } = natlab.measure('alice', { a: kind, b: kind });
    const expected = behaviours[kind];
    expect(udp).toBe(expected !== undefined);
    expect(measured).toEqual({ ...expected, ...(expected && { hairpin: false }) });
  });

test('a carrier’s NAT in front of a home’s own is what is seen, and hairpinning is measured', ({
  natlab,
}) => {
  const behind = natlab.measure('bob', {
    a: 'port-restricted',
    b: 'port-restricted',
    carrier: { kind: 'symmetric', customers: ['router-b'] },
  });
  expect(behind).toMatchObject({ ...behaviours.symmetric });
  const home = { a: 'port-restricted', b: 'port-restricted', hairpin: ['router-b'] } as const;
  expect(natlab.measure('bob', home)).toMatchObject({ hairpin: true });
});

for (const { special, expected, ...call } of quick)
  test(`${special ?? `${call.network.a} and ${call.network.b}`}: ${expected}`, async ({ natlab }) => {
    const { recording, outcome } = await natlab.call(call, expected);
    expect(wayOf(outcome)).toBe(expected);
    expect(checkOrder(recording.entries, callSteps('alice', 'bob'))).toEqual([]);
  });
