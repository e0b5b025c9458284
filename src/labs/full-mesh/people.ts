import type { Seat } from '../../rtc/bench.ts';
import type { Pairs } from '../../lab-kit/define.ts';

/** Who comes, in this order. */
export const people = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'] as const;

/** A person's end of the connection with somebody: `bob-alice` is bob's, for alice. */
export const endOf = (person: string, other: string): string => `${person}-${other}`;

/** Whose end it is. */
export const personOf = (end: string): string => end.split('-')[0] ?? end;

/** With whom it connects. */
export const otherOf = (end: string): string => end.split('-')[1] ?? end;

/** Each with each, once; who came later offers. @param count how many are there, 2 … 6 */
export function meshOf(count: number): Pairs {
  const there = people.slice(0, count);
  return there.flatMap((newcomer, place) =>
    there.slice(0, place).map((other) => [endOf(newcomer, other), endOf(other, newcomer)] as const),
  );
}

/** The seats of a mesh in the order in which people come: those that each newcomer brings about, at both ends. */
export function arrivals(seats: readonly Seat[]): readonly (readonly Seat[])[] {
  const groups = new Map<string, Seat[]>();
  for (const seat of seats) {
    const newcomer = personOf(seat.offers ? seat.self : seat.other);
    groups.set(newcomer, [...(groups.get(newcomer) ?? []), seat]);
  }
  return [...groups.values()];
}
