import { expect, test } from 'vitest';
import { isRight } from './answers.ts';
import { brokenRules, shuffledCards } from './order.ts';
import type { OrderExercise } from './define.ts';

const rules = [
  { first: 'a', later: 'b', why: 'b needs a' },
  { first: 'b', later: 'd', why: 'd needs b' },
];
const exercise: OrderExercise = {
  kind: 'order',
  title: 'x',
  task: [],
  hints: ['', '', ''],
  firefox: true,
  cards: ['a', 'b', 'c', 'd'].map((id) => ({ id, text: id })),
  rules,
};

test.each([
  ['abcd', []],
  ['cabd', []],
  ['abdc', []],
  ['bacd', ['b needs a']],
  ['dcba', ['b needs a', 'd needs b']],
])('%s breaks %j', (order, broken) => {
  expect(brokenRules(rules, order.split('')).map(({ why }) => why)).toEqual(broken);
});

test('shuffled cards are the same cards, the same for the same seed, and never in an order that works', () => {
  for (let seed = 0; seed < 200; seed++) {
    const order = shuffledCards(exercise, seed);
    expect(order.toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(shuffledCards(exercise, seed)).toEqual(order);
    expect(brokenRules(rules, order).length).toBeGreaterThan(0);
  }
});

test.each([
  ['2130706431', '2130706431', 0, true],
  ['2130706431', ' 2 130 706 431 ', 0, true],
  ['2130706431', '2130706430', 0, false],
  ['9151314442816847871', '9151314442816847870', 0, false],
  ['1.5', '1.6', 0.2, true],
  ['1.5', '1.8', 0.2, false],
  ['host', ' HOST ', 0, true],
  ['host', 'srflx', 0, false],
  ['5', '', 0, false],
  ['5', '5e0', 0, false],
])('where %s is right, “%s” within %d is %s', (right, written, tolerance, expected) => {
  expect(isRight({ id: 'x', cells: [], right, tolerance, why: '' }, written)).toBe(expected);
});
