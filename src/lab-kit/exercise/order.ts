import { randomOf } from '../random.ts';
import type { OrderExercise } from './define.ts';

/** A rule that an order of cards breaks. */
export interface Broken {
  readonly first: string;
  readonly later: string;
  readonly why: string;
}

/** The rules of a partial order that an order of card ids breaks; none when it works. What no rule names is free. */
export function brokenRules(rules: OrderExercise['rules'], order: readonly string[]): readonly Broken[] {
  return rules.filter(({ first, later }) => order.indexOf(first) > order.indexOf(later));
}

/** The cards in an order that does not work: as chance has it, and turned round where chance found a solution. */
export function shuffledCards({ cards, rules }: OrderExercise, seed: number): readonly string[] {
  const random = randomOf(seed);
  const order = cards
    .map(({ id }) => ({ id, key: random() }))
    .toSorted((one, other) => one.key - other.key)
    .map(({ id }) => id);
  return brokenRules(rules, order).length > 0 ? order : order.toReversed();
}
