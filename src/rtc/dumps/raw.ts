import type { Report } from '../stats/report.ts';

/**
 * What all formats have in common, before it becomes entries of a timeline: events in the order of the file.
 *
 * `type` is the name that Chromium and rtcstats.js write (`setLocalDescriptionOnSuccess`, `onicecandidate`, …).
 */
export interface DumpEvent {
  /** The dump's own id of the connection; null for what belongs to the page (getUserMedia). */
  readonly pc: string | null;
  readonly type: string;
  readonly value: unknown;
  /** Milliseconds since 1970; NaN where the dump does not say: then the event is as old as the one before. */
  readonly atMs: number;
}

/** One answer of getStats(). */
export interface DumpReport {
  readonly pc: string;
  readonly report: Report;
  readonly atMs: number;
}

export interface RawDump {
  readonly events: readonly DumpEvent[];
  readonly reports: readonly DumpReport[];
  /** The browser as people call it: `Firefox 153`. */
  readonly browser?: string;
  /** The address of the page. */
  readonly url?: string;
  /** When the dump was taken, where it says so. */
  readonly takenAtMs?: number;
  /** What could not be read, in sentences. */
  readonly losses: readonly string[];
}

export type Plain = Readonly<Record<string, unknown>>;

/** Upper bounds; a call of an hour stays far below each. Lengths count UTF-16 code units. */
export const limits = {
  textLength: 64 * 1024 * 1024,
  /** One line, or one text inside a dump that is JSON again. */
  innerLength: 4 * 1024 * 1024,
  depth: 64,
  /** Objects and lists in one text that is parsed. */
  containers: 2_000_000,
  connections: 100,
  events: 100_000,
  reports: 20_000,
  statsInReport: 3000,
  textInEntry: 256 * 1024,
  wordInEntry: 4000,
} as const;

export const isObject = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An own member of an object: neither `__proto__` nor `constructor` leads out of the file. */
export const member = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;

export const stringOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** A text cut to a length; a surrogate pair is not taken apart. */
export const cut = (text: string, length: number = limits.wordInEntry): string =>
  text.length > length ? `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : text;

/** What JSON says, or `undefined`: also for JSON so nested or so full that reading it would hang the page. */
export function parseJson(text: string): unknown {
  if (!isModest(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether the text opens few enough objects and lists, and few enough inside each other. */
function isModest(text: string): boolean {
  let depth = 0;
  let containers = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > limits.depth || ++containers > limits.containers) return false;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return true;
}

/** A time as dumps write it: milliseconds since 1970, ISO 8601, or as the page's locale has it. NaN for none. */
export function timeOf(value: unknown): number {
  const atMs = typeof value === 'string' ? Date.parse(value) : typeof value === 'number' ? value : Number.NaN;
  return atMs >= 0 && atMs < 8.64e15 ? atMs : Number.NaN;
}

/** `Firefox 153` from the name by which a browser introduces itself to servers. */
export function browserOf(userAgent: unknown): string | undefined {
  if (typeof userAgent !== 'string') return undefined;
  const names = [
    [/\bEdg\w*\/(\d+)/, 'Edge'],
    [/\bOPR\/(\d+)/, 'Opera'],
    [/\bFirefox\/(\d+)/, 'Firefox'],
    [/\bChromium\/(\d+)/, 'Chromium'],
    [/Chrome\/(\d+)/, 'Chrome'],
    [/\bVersion\/(\d+).*Safari/, 'Safari'],
  ] as const;
  for (const [pattern, name] of names) {
    const version = pattern.exec(userAgent)?.[1];
    if (version) return `${name} ${version}`;
  }
  return undefined;
}

/** The same from `navigator.userAgentData`, which mixes in an invented name. */
export function browserOfBrands(userAgentData: unknown): string | undefined {
  const brands = member(userAgentData, 'brands');
  if (!Array.isArray(brands)) return undefined;
  const named = brands
    .slice(0, 10)
    .map((brand) => [stringOf(member(brand, 'brand')), stringOf(member(brand, 'version'))] as const)
    .filter(([name, version]) => name && version && !/not.*brand/i.test(name));
  const [name, version] = named.find(([each]) => each !== 'Chromium') ?? named[0] ?? [];
  return name && version ? cut(`${name} ${version}`, 60) : undefined;
}
