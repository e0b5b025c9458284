/**
 * Reading a statistics report: what is there, is of the right type and finite; the rest is `undefined`.
 *
 * Browsers lack members, add their own, and hold values back (an address is `''` in Chromium when it is hidden), so
 * nothing is taken on trust.
 */

/** One dictionary of a report (webrtc-stats §8). */
export interface Stat {
  readonly id: string;
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly [member: string]: unknown;
}

/** An `RTCStatsReport`, or a map that was made from a captured one. */
export type Report = Pick<ReadonlyMap<string, Stat>, 'get' | 'values'>;

export function number(stat: Stat | undefined, member: string): number | undefined {
  const value = stat?.[member];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function text(stat: Stat | undefined, member: string): string | undefined {
  const value = stat?.[member];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A word of a set that the standard fixes; a word that it does not know counts as missing. */
export function word<T extends string>(
  stat: Stat | undefined,
  member: string,
  words: readonly T[],
): T | undefined {
  const value = stat?.[member];
  return words.find((one) => one === value);
}

/** The dictionary that another one names by its id. */
export function linked(report: Report, stat: Stat | undefined, member: string): Stat | undefined {
  const id = text(stat, member);
  return id === undefined ? undefined : report.get(id);
}

export function ofType(report: Report, type: string): Stat[] {
  return [...report.values()].filter((stat) => stat.type === type);
}

/** The same object less what is not known: a sample holds no `undefined`. */
export function known<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries() forgets which names it was given
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
