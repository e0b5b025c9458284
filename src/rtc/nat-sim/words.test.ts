import { expect, test } from 'vitest';
import { between } from './plan.ts';
import { simulate } from './simulate.ts';
import { stepWords } from './words.ts';

const told = (...plan: Parameters<typeof between>) => {
  const { steps, plan: of } = simulate(between(...plan));
  return steps.map((step) => stepWords(step, of));
};

test('a packet that a filter stops says where it ends and why', () => {
  const stopped = told('port-restricted', 'port-restricted', 'stun').find(({ title }) =>
    title.includes('lost at alice’s router'),
  );
  expect(stopped?.title).toBe('bob → alice: check, lost at alice’s router');
  expect(stopped?.tone).toBe('bad');
  expect(stopped?.detail.at(-1)).toMatch(
    /^alice’s router drops it: nobody behind port \d+ has sent anything to 203\.0\.113\.102:\d+ yet \(address and port-dependent/,
  );
});

test('a new mapping of a symmetric NAT is said to be for this destination only', () => {
  const details = told('endpoint-independent', 'symmetric', 'stun').flatMap(({ detail }) => detail);
  expect(
    details.some((text) => /bob’s router makes a new mapping.*for this destination only/.test(text)),
  ).toBe(true);
});

test('every step of every kind of run has words', () => {
  for (const servers of ['none', 'stun', 'turn'] as const)
    for (const { title, detail } of [
      ...told('none', 'symmetric', servers),
      ...told('udp-blocked', 'port-restricted', servers),
    ]) {
      expect(title).not.toMatch(/undefined|NaN/);
      expect(detail.join(' ')).toMatch(/\.$/);
    }
});
