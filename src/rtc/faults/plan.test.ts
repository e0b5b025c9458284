import fc from 'fast-check';
import { expect, test } from 'vitest';
import { activeWires, chance, FaultPlan, isActive, planText, readPlan, type FaultRule } from './plan.ts';
import { ruleWords, wireWords } from './words.ts';

test.each<[says: string, rule: FaultRule]>([
  [
    'When an answer goes from bob to alice: hold it',
    { message: 'answer', from: 'bob', to: 'alice', fault: { do: 'hold' } },
  ],
  [
    'When a candidate (any but relay, udp) goes in any direction: drop it',
    { message: 'candidate', candidateType: 'not-relay', protocol: 'udp', fault: { do: 'drop' } },
  ],
  [
    'When any message goes to bob: delay it by 100 to 150 ms, others may pass, in 25 % of the cases',
    {
      message: 'any',
      to: 'bob',
      fault: { do: 'delay', delayMs: 100, jitterMs: 50, overtaken: true },
      often: { is: 'sometimes', probability: 0.25 },
    },
  ],
  [
    'When alice opens a connection: change the TURN credential',
    { message: 'configuration', from: 'alice', fault: { do: 'alter', what: 'turn-credential' } },
  ],
])('survives a link and reads: %s', (says, rule) => {
  const plan = { seed: 7, rules: [rule] };
  const search = new URLSearchParams({ faults: planText(plan) });
  expect(readPlan(new URLSearchParams(search.toString()).get('faults') ?? '')).toEqual(plan);
  expect(ruleWords(rule)).toBe(says);
});

test('what is done to the wire survives a link, and a wire that does nothing is none', () => {
  const wire = [
    { from: 'alice', to: 'bob', lossPct: 5, delayMs: 150 },
    { from: 'bob', to: 'alice', lossPct: 0, queueMs: 500 },
  ];
  const plan = { seed: 7, rules: [], wire };
  expect(readPlan(planText(plan))).toEqual(plan);
  expect(activeWires(plan)).toEqual([wire[0]]);
  expect(isActive(plan)).toBe(true);
  expect(isActive({ ...plan, wire: wire.slice(1) })).toBe(false);
  expect(wireWords({ from: 'alice', to: 'bob', lossPct: 5, delayMs: 150, rateKbps: 300 })).toBe(
    'From alice to bob: 5 % are lost, 150 ms late, 300 kbit/s get through, and what would wait over 250 ms is dropped',
  );
});

const rules = (...list: unknown[]) => JSON.stringify({ seed: 1, rules: list });
test.each([
  ['no JSON', '{"seed":1,"ru', 'break off'],
  ['a text that is too long', ' '.repeat(5_000), '5000 characters'],
  ['another shape', '[]', 'not understood'],
  ['a seed that is none', '{"seed":-1,"rules":[]}', 'not understood'],
  ['a delay of an hour', rules({ message: 'any', fault: { do: 'delay', delayMs: 3_600_000 } }), 'fault 1'],
  ['a field that nobody asked for', rules({ message: 'any', fault: { do: 'drop' }, admin: true }), 'admin'],
  [
    'a candidate’s fingerprint',
    rules({ message: 'candidate', fault: { do: 'alter', what: 'fingerprint' } }),
    'cannot be done to',
  ],
  [
    'an answer of type host',
    rules(
      { message: 'offer', fault: { do: 'drop' } },
      { message: 'answer', candidateType: 'host', fault: { do: 'drop' } },
    ),
    'fault 2',
  ],
  [
    'a loss of more than all',
    JSON.stringify({ seed: 1, rules: [], wire: [{ from: 'a', to: 'b', lossPct: 101 }] }),
    '100',
  ],
  ['a wire to nowhere', JSON.stringify({ seed: 1, rules: [], wire: [{ from: 'alice' }] }), 'not understood'],
  ['markup as a name', rules({ message: 'any', from: '<img>', fault: { do: 'drop' } }), 'fault 1'],
])('refuses %s with a sentence', (_, text, says) => {
  expect(() => readPlan(text)).toThrow(says);
});

test('no text whatever does more than be refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      try {
        FaultPlan.parse(readPlan(text));
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad-input' });
      }
    }),
  );
});

test('chance is the same for the same parts, even, and another one for another seed', () => {
  const rolls = Array.from({ length: 1_000 }, (_, nth) => chance(1, 'turn', 0, 'alice→bob', nth));
  expect(rolls).toEqual(rolls.map((_, nth) => chance(1, 'turn', 0, 'alice→bob', nth)));
  expect(rolls).not.toEqual(rolls.map((_, nth) => chance(2, 'turn', 0, 'alice→bob', nth)));
  const tenths = Array.from(
    { length: 10 },
    (_, tenth) => rolls.filter((roll) => Math.floor(roll * 10) === tenth).length,
  );
  expect(Math.min(...tenths)).toBeGreaterThan(60);
  expect(Math.max(...tenths)).toBeLessThan(140);
});
