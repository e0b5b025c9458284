/**
 * What a learner's server finds around it in its process: two packages, timers, a console, and a few things that every
 * runtime has. It is evaluated in the learner's own context, from the language alone. No object of Node's is handed in:
 * what it wants to say it puts into lists of text, and `child.ts` fetches them.
 */
import { Host } from '../../src/protocol/classroom/host.ts';
import type { ToHost } from '../../src/protocol/classroom/frames.ts';

/** Characters that may wait to be fetched, of one task of the code. */
const MAX_WAITING = 4_000_000;
const MAX_LINES = 200;
const MAX_LINE = 2_000;
const MAX_TIMERS = 1_000;

const { parse, stringify } = JSON;
const said: string[] = [];
const timersWanted: [id: number, ms: number][] = [];
let waiting = 0;
let lines = 0;
let why: string | undefined;
let random = '';

/** Why it cannot go on: the first reason counts. */
function end(text: string): void {
  why ??= text.slice(0, 400);
}

/** As in Node: what nobody catches ends the server. */
export function fail(thrown: unknown): void {
  let text = 'Something was thrown that cannot be put into words.';
  try {
    text = inWords(thrown);
  } catch {
    // what was thrown throws when it is read
  }
  end(text);
}

function report(what: object): void {
  const text = stringify(what);
  waiting += text.length;
  if (waiting <= MAX_WAITING) return void said.push(text);
  end('The server sent more at once than this site takes, and was stopped.');
  throw new RangeError('too much was sent at once');
}

function output(level: 'log' | 'warn' | 'error', values: readonly unknown[]): void {
  if (++lines > MAX_LINES) return;
  const text = lines === MAX_LINES ? 'More lines are not shown.' : values.map(inOneLine).join(' ');
  report({ output: { level, text: text.slice(0, MAX_LINE) } });
}

function inWords(value: unknown): string {
  if (!(value instanceof Error)) return `thrown: ${inOneLine(value)}`;
  return `${value.name}: ${value.message}`;
}

function inOneLine(value: unknown): string {
  if (value instanceof Error) return inWords(value);
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    const json = stringify(value);
    return json === '{}' ? Object.prototype.toString.call(value) : json;
  } catch {
    return Object.prototype.toString.call(value);
  }
}

const host = new Host((frame) => report({ frame }));
/** What a module of the name of a package exports. */
export const packages = host.packages;

/** An order of the page's. The names are those of `src/lab-kit/classroom/orders.ts`. */
export function receive(text: string): void {
  try {
    const order = parse(text) as { frame: ToHost } | { ping: number };
    if ('frame' in order) host.receive(order.frame);
    else pings.push(order.ping);
  } catch (error) {
    fail(error);
  }
}

const pings: number[] = [];

/** Answers the page's questions whether everything before them was done. */
export function answer(): void {
  for (const pong of pings.splice(0)) report({ pong });
}

/** What has come up since the last time, as JSON. @param more random bytes in hexadecimal, as many as were asked for */
export function fetch(more: string): string {
  random += more;
  const text = stringify({
    said,
    timers: timersWanted,
    random: Math.max(0, RANDOM_BYTES - random.length / 2),
    ...(why !== undefined && { ended: why }),
  });
  said.length = 0;
  timersWanted.length = 0;
  waiting = 0;
  return text;
}

// Timers: child.ts has the clock, and knows their numbers.
interface Timer {
  readonly call: () => void;
  readonly everyMs: number | undefined;
}
const timers = new Map<number, Timer>();
let lastTimer = 0;

export function fire(id: number): void {
  const timer = timers.get(id);
  if (!timer) return;
  if (timer.everyMs === undefined) timers.delete(id);
  else timersWanted.push([id, timer.everyMs]);
  try {
    timer.call();
  } catch (error) {
    fail(error);
  }
}

function setTimer(call: unknown, ms: unknown, args: readonly unknown[], repeats: boolean): object {
  if (typeof call !== 'function') throw new TypeError('The "callback" argument must be of type function.');
  if (timers.size >= MAX_TIMERS)
    throw new RangeError(`Here a server may have ${MAX_TIMERS} timers at a time.`);
  const id = ++lastTimer;
  const wanted = Math.min(Math.max(Math.trunc(Number(ms) || 0), 1), 2_147_483_647);
  const run = call as (...args: readonly unknown[]) => void;
  timers.set(id, { call: () => run(...args), everyMs: repeats ? wanted : undefined });
  timersWanted.push([id, wanted]);
  // As in Node an object; `clearTimeout` takes it or its number.
  const handle = {
    ref: () => handle,
    unref: () => handle,
    hasRef: () => true,
    [Symbol.toPrimitive]: () => id,
  };
  return handle;
}
const clearTimer = (given: unknown) => void timers.delete(Number(given ?? 0));

/** Random bytes come with each call from outside; so many are kept ready. */
const RANDOM_BYTES = 8_192;

function getRandomValues<T extends ArrayBufferView>(into: T): T {
  const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
  if (random.length < bytes.length * 2)
    throw new Error(`Here a server gets ${RANDOM_BYTES} random bytes at a time.`);
  for (let index = 0; index < bytes.length; index++)
    bytes[index] = Number.parseInt(random.slice(index * 2, index * 2 + 2), 16);
  random = random.slice(bytes.length * 2);
  return into;
}

function randomUUID(): string {
  const bytes = getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

class Utf8Encoder {
  readonly encoding = 'utf-8';
  encode(text = ''): Uint8Array {
    const bytes: number[] = [];
    for (const letter of text.toWellFormed()) {
      const point = letter.codePointAt(0) ?? 0;
      const more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x1_0000 ? 2 : 3;
      bytes.push(([0, 0xc0, 0xe0, 0xf0][more] ?? 0) | (point >> (6 * more)));
      for (let left = more - 1; left >= 0; left--) bytes.push(0x80 | ((point >> (6 * left)) & 0x3f));
    }
    return Uint8Array.from(bytes);
  }
}

class Utf8Decoder {
  readonly encoding = 'utf-8';
  /** What is no UTF-8 becomes one replacement character for each byte. */
  decode(given?: ArrayBuffer | ArrayBufferView): string {
    if (given === undefined) return '';
    const bytes =
      given instanceof ArrayBuffer
        ? new Uint8Array(given)
        : new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
    let text = '';
    for (let at = 0; at < bytes.length;) {
      const first = bytes[at] ?? 0;
      if (first < 0x80) {
        text += String.fromCharCode(first);
        at += 1;
        continue;
      }
      const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
      const part = Array.from(
        bytes.subarray(at, at + length),
        (byte) => `%${byte.toString(16).padStart(2, '0')}`,
      );
      try {
        text += decodeURIComponent(part.join(''));
        at += length;
      } catch {
        text += '\u{fffd}';
        at += 1;
      }
    }
    return text;
  }
}

const btoa = (text: unknown): string =>
  (Uint8Array.from(String(text), (letter) => letter.charCodeAt(0)) as unknown as Base64).toBase64();
const atob = (text: unknown): string =>
  Array.from((Uint8Array as unknown as FromBase64).fromBase64(String(text)), (byte) =>
    String.fromCharCode(byte),
  ).join('');
/** Of ECMAScript 2026, which the compiler's library does not know yet. */
interface Base64 {
  toBase64(): string;
}
interface FromBase64 {
  fromBase64(text: string): Uint8Array;
}

/** The part of it that reads a query. */
class Query {
  readonly #pairs: [string, string][];
  constructor(text = '') {
    const decode = (part: string) => {
      try {
        return decodeURIComponent(part.replaceAll('+', ' '));
      } catch {
        return part;
      }
    };
    this.#pairs = text
      .replace(/^\?/, '')
      .split('&')
      .filter((part) => part !== '')
      .map((part) => {
        const [name = '', ...rest] = part.split('=');
        return [decode(name), decode(rest.join('='))];
      });
  }
  get(wanted: string): string | null {
    return this.#pairs.find(([name]) => name === wanted)?.[1] ?? null;
  }
  has(wanted: string): boolean {
    return this.#pairs.some(([name]) => name === wanted);
  }
  *[Symbol.iterator](): Iterator<[string, string]> {
    for (const [name, value] of this.#pairs) yield [name, value];
  }
}

/** Plain data, lists, maps, sets and dates, which is what a server copies. */
function structuredClone(value: unknown, seen = new Map<unknown, unknown>()): unknown {
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new TypeError(`${String(value)} could not be cloned.`);
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  const keep = <T>(copy: T): T => (seen.set(value, copy), copy);
  if (value instanceof Date) return keep(new Date(value));
  if (value instanceof Map) {
    const copy = keep(new Map<unknown, unknown>());
    for (const [key, one] of value) copy.set(structuredClone(key, seen), structuredClone(one, seen));
    return copy;
  }
  if (value instanceof Set) {
    const copy = keep(new Set<unknown>());
    for (const one of value) copy.add(structuredClone(one, seen));
    return copy;
  }
  const copy: Record<string, unknown> = keep(Array.isArray(value) ? ([] as never) : {});
  for (const [key, one] of Object.entries(value))
    Object.defineProperty(copy, key, {
      value: structuredClone(one, seen),
      writable: true,
      enumerable: true,
      configurable: true,
    });
  return copy;
}

// No trace of a stack is taken: making its text would call a function of Node's.
Object.defineProperty(Error, 'stackTraceLimit', { value: undefined, writable: false, configurable: false });

const visible: Record<string, unknown> = {
  console: Object.fromEntries(
    (['log', 'info', 'debug', 'warn', 'error'] as const).map((level) => [
      level,
      (...values: unknown[]) => output(level === 'warn' || level === 'error' ? level : 'log', values),
    ]),
  ),
  setTimeout: (call: unknown, ms?: unknown, ...args: unknown[]) => setTimer(call, ms, args, false),
  setInterval: (call: unknown, ms?: unknown, ...args: unknown[]) => setTimer(call, ms, args, true),
  setImmediate: (call: unknown, ...args: unknown[]) => setTimer(call, 0, args, false),
  clearTimeout: clearTimer,
  clearInterval: clearTimer,
  clearImmediate: clearTimer,
  queueMicrotask: (call: () => void) => void Promise.resolve().then(call).catch(fail),
  crypto: { getRandomValues, randomUUID },
  performance: { now: () => Date.now() - startedMs },
  structuredClone: (value: unknown) => structuredClone(value),
  TextEncoder: Utf8Encoder,
  TextDecoder: Utf8Decoder,
  URLSearchParams: Query,
  btoa,
  atob,
  /** The page puts it into each loop and function; here the process is watched from outside. */
  __stillAlive: () => {},
};
const startedMs = Date.now();
for (const [name, value] of Object.entries(visible))
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
