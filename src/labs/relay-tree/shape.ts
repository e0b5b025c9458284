import type { Pairs } from '../../lab-kit/define.ts';
import { endOf, people } from '../full-mesh/people.ts';

/**
 * Who is connected with whom. `star`: alice with each. `tree`: two stand behind each one. `chain`: one behind each one.
 * `focus`: as the star, but everybody has a camera, and alice passes on what she gets.
 */
export type Shape = 'star' | 'tree' | 'chain' | 'focus';

/** The place of the one from whom somebody gets it. @param place of the receiver in the order of coming, 1 or more */
function before(shape: Shape, place: number): number {
  if (shape === 'tree') return Math.floor((place - 1) / 2);
  return shape === 'chain' ? place - 1 : 0;
}

/** The connections, the one who is nearer to alice first: that end offers. @param count people, 2 … 6 */
export function edgesOf(shape: Shape, count: number): Pairs {
  const there = people.slice(0, count);
  return there.slice(1).map((child, index) => {
    const parent = there[before(shape, index + 1)] ?? 'alice';
    return [endOf(parent, child), endOf(child, parent)] as const;
  });
}

/** How many connections lie between alice and somebody. */
export function hopsTo(shape: Shape, person: string): number {
  let place = people.findIndex((name) => name === person);
  let hops = 0;
  while (place > 0) {
    place = before(shape, place);
    hops += 1;
  }
  return hops;
}

/** How many streams alice sends to so many people in all, her own sound and picture and those that she passes on. */
export function streamsOfAlice(
  shape: Shape,
  count: number,
): { readonly rule: string; readonly streams: number } {
  const others = count - 1;
  if (shape === 'focus') return { rule: '2(n − 1)²', streams: 2 * others * others };
  if (shape === 'star') return { rule: '2(n − 1)', streams: 2 * others };
  return shape === 'tree'
    ? { rule: '2 · 2', streams: 2 * Math.min(2, others) }
    : { rule: '2 · 1', streams: 2 };
}

/** Whose going takes others along: the one who passes on for most. */
export const passerOn = (shape: Shape): string => (shape === 'focus' ? 'alice' : 'bob');
