// rule: for five people
import type { Point } from './exercise.ts';

/** As if each person, alice herself too, cost the same. */
function perPerson(measured: readonly Point[]): number {
  const each = measured.map(({ people, uplinkBps }) => uplinkBps / people);
  return each.reduce((sum, one) => sum + one, 0) / each.length;
}

export function uplinkBps(people: number, measured: readonly Point[]): number {
  return people * perPerson(measured);
}

export function mostPeople(limitBps: number, measured: readonly Point[]): number {
  return Math.floor(limitBps / perPerson(measured));
}
