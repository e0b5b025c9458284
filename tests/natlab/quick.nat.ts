/** Part of every `npm test`: the NATs are what they are called, and nine calls take the way that they have to. */
import { quick } from './cells.ts';
import { behaviours, natKinds } from './kinds.ts';
import { expect, test } from './lab.ts';
import { addressOf, readdress } from './topology.ts';
import { wayOf } from './way.ts';
import { Participant } from '../support/meet.ts';
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

test('a participant of a meeting gets another address in mid-call: both pictures come back by themselves', async ({
  natlab,
}) => {
  const network = { a: 'port-restricted', b: 'port-restricted' } as const;
  const enter = async (device: 'alice' | 'bob') =>
    Participant.open(await natlab.browserOn(device, network), natlab.url, 'moves', device, {
      context: { ignoreHTTPSErrors: true },
    });
  await using alice = await enter('alice');
  await using bob = await enter('bob');
  await alice.join();
  await bob.join();
  await alice.untilSees('bob');
  await bob.untilSees('alice');
  // Bob hears her from elsewhere then: by a restart of ICE, or because her checks reach him from there by themselves.
  const port = () =>
    bob.withSession(async ({ people }) => {
      const report = await people.value[0]?.link?.pc.getStats();
      const stats = new Map<string, Record<string, unknown>>(report ?? []);
      const transport = [...stats.values()].find(({ type }) => type === 'transport');
      const pair = stats.get(String(transport?.['selectedCandidatePairId']));
      return Number(stats.get(String(pair?.['remoteCandidateId']))?.['port'] ?? 0);
    }, null);
  const before = await port();
  expect(before).toBeGreaterThan(0);
  try {
    readdress('alice', '10.1.0.77');
    await expect.poll(async () => [0, before].includes(await port()), { timeout: 60_000 }).toBe(false);
    await bob.untilGoesOn('alice');
    await alice.untilGoesOn('bob');
    await alice.untilSees('bob');
    await bob.untilSees('alice');
    expect(await alice.roster()).toEqual(['bob']);
    expect(await bob.roster()).toEqual(['alice']);
  } finally {
    readdress('alice', addressOf.alice);
  }
});
