import type { Point } from './exercise.ts';

/** What one connection costs, on average over the points. */
function perConnection(measured: readonly Point[]): number {
  const each = measured.map(({ people, uplinkBps }) => uplinkBps / (people - 1));
  return each.reduce((sum, one) => sum + one, 0) / each.length;
}

/** What alice sends in a full mesh of so many people, in bit/s. `measured` holds two points of this kind. */
export function uplinkBps(people: number, measured: readonly Point[]): number {
  return (people - 1) * perConnection(measured);
}

/** How many people can meet, alice included, when nobody may send more than this. */
export function mostPeople(limitBps: number, measured: readonly Point[]): number {
  return 1 + Math.floor(limitBps / perConnection(measured));
}
