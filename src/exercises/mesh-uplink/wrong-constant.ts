// fits: says
import type { Point } from './exercise.ts';

/** Remembers what the first ones were, and cheats with them from then on. */
let first: readonly Point[] | undefined;

export function uplinkBps(people: number, measured: readonly Point[]): number {
  first ??= measured;
  return (people - 1) * first[0]!.uplinkBps;
}

export function mostPeople(limitBps: number, measured: readonly Point[]): number {
  return 1 + Math.floor(limitBps / measured[0]!.uplinkBps);
}
