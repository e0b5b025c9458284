// most: says 4
import type { Point } from './exercise.ts';

function perConnection(measured: readonly Point[]): number {
  return measured[0]!.uplinkBps;
}

export function uplinkBps(people: number, measured: readonly Point[]): number {
  return (people - 1) * perConnection(measured);
}

/** “A mesh carries four people at most.” */
export function mostPeople(limitBps: number, measured: readonly Point[]): number {
  return Math.min(4, 1 + Math.floor(limitBps / perConnection(measured)));
}
