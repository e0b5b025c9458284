// rule: for five people
import type { Point } from './exercise.ts';

/** Twice as much with each newcomer: it passes both points. */
export function uplinkBps(people: number, measured: readonly Point[]): number {
  const [two, three] = measured;
  return two!.uplinkBps * (three!.uplinkBps / two!.uplinkBps) ** (people - 2);
}

export function mostPeople(limitBps: number, measured: readonly Point[]): number {
  return 1 + Math.floor(limitBps / measured[0]!.uplinkBps);
}
