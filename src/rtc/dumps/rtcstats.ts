/**
 * Dumps of rtcstats: a line of JSON for each event, `[method, connection, value, …, time]`.
 *
 * Three families share it: what rtcstats.js sends and its server writes down (file formats up to 2, absolute times), the
 * newer `RTCStatsDump` (format 3: times as differences, names as numbers, SDP and statistics as differences), and
 * Chromium's “rtcstats dump”, which is format 3 with everything spelled out.
 *
 * @see rtcstats-server, docs/file-format.md (github.com/rtcstats/rtcstats)
 */
import type { Stat } from '../stats/report.ts';
import { mergeReport } from './internals.ts';
import {
  browserOf,
  browserOfBrands,
  isObject,
  limits,
  member,
  parseJson,
  stringOf,
  timeOf,
  type DumpEvent,
  type DumpReport,
  type RawDump,
} from './raw.ts';
import { methodName, statMemberName, statTypeName } from './rtcstats-names.ts';
import { descriptionOf, type Description } from './values.ts';

export const HEADER = 'RTCStatsDump';

/** Times that are smaller are differences: as a date they would lie before 1973. */
const FIRST_ABSOLUTE_MS = 1e11;

export function readRtcstats(lines: Iterable<string>): RawDump & { readonly version?: number } {
  const reader = new Reader();
  for (const line of lines) if (!reader.read(line)) break;
  return reader.result;
}

class Reader {
  readonly #events: DumpEvent[] = [];
  readonly #reports: DumpReport[] = [];
  readonly #bases = new Map<string, ReadonlyMap<string, Stat>>();
  readonly #descriptions = new Map<string, Descriptions>();
  #lastMs = 0;
  #lines = 0;
  #unread = 0;
  #isTooLong = false;
  #head: { browser?: string; url?: string; version?: number } = {};

  /** @returns false when nothing more is taken */
  read(line: string): boolean {
    this.#lines++;
    if (line === '' || line === HEADER) return true;
    const parsed = line.length > limits.innerLength ? undefined : parseJson(line);
    if (isObject(parsed)) this.#readHead(parsed);
    else if (Array.isArray(parsed) && parsed.length >= 2) this.#readEvent(parsed);
    // Early servers wrote address and browser as plain lines before the first event.
    else if (this.#events.length > 0 || /^[[{]/.test(line)) this.#unread++;
    else this.#readPlainHead(line);
    this.#isTooLong = this.#events.length >= limits.events || this.#reports.length >= limits.reports;
    return !this.#isTooLong;
  }

  #readHead(head: object): void {
    const version = member(head, 'fileFormat');
    const browser = browserOf(member(head, 'userAgent'));
    const url = stringOf(member(head, 'url'));
    const startMs = timeOf(member(head, 'startTime'));
    if (!Number.isNaN(startMs)) this.#lastMs = 0;
    this.#head = {
      ...this.#head,
      ...(typeof version === 'number' && { version }),
      ...(browser && { browser }),
      ...(url && { url }),
    };
  }

  #readPlainHead(line: string): void {
    const browser = browserOf(line);
    if (browser) this.#head.browser ??= browser;
    else if (/^https?:\/\//.test(line)) this.#head.url ??= line.slice(0, limits.wordInEntry);
  }

  #readEvent(line: readonly unknown[]): void {
    const type = methodName(line[0]);
    const pc = typeof line[1] === 'string' ? line[1].slice(0, 200) : null;
    const value = line.length > 3 ? line[2] : undefined;
    const atMs = this.#timeOf(line.at(-1));
    if (pc === null && type === 'create') {
      const browser = browserOfBrands(member(member(value, 'userAgentData') && value, 'userAgentData'));
      if (browser) this.#head.browser ??= browser;
      return;
    }
    const capture =
      /^(?:navigator\.mediaDevices\.)?(get(?:User|Display)Media(?:On(?:Success|Failure))?)$/.exec(type);
    if (capture) return void this.#events.push({ pc: null, type: capture[1] ?? type, value, atMs });
    if (pc === null) return;
    if (type === 'create' && line.length > 4) this.#head.url ??= stringOf(line[3]) ?? '';
    if (type.toLowerCase() === 'getstats') this.#readReport(pc, value, atMs);
    else this.#events.push({ pc, type, value: this.#whole(pc, type, value), atMs });
  }

  /** Milliseconds since 1970; NaN and differences that make no sense leave the clock where it is. */
  #timeOf(said: unknown): number {
    if (typeof said !== 'number' || !Number.isFinite(said)) return this.#lastMs;
    const atMs = Math.abs(said) < FIRST_ABSOLUTE_MS ? this.#lastMs + said : said;
    if (!Number.isNaN(timeOf(atMs))) this.#lastMs = atMs;
    return this.#lastMs;
  }

  #readReport(pc: string, delta: unknown, atMs: number): void {
    if (!isObject(delta) || (this.#bases.size >= limits.connections && !this.#bases.has(pc))) return;
    const report = mergeReport(
      this.#bases.get(pc) ?? new Map<string, Stat>(),
      delta,
      statMemberName,
      statTypeName,
    );
    this.#bases.set(pc, report);
    this.#reports.push({ pc, report, atMs });
  }

  /** A description of which the sections that did not change are left out, filled in again. */
  #whole(pc: string, type: string, value: unknown): unknown {
    const method =
      /^(createOffer|createAnswer|setLocalDescription|setRemoteDescription)(OnSuccess|OnFailure)?$/.exec(
        type,
      );
    if (!method) return value;
    const of = this.#descriptions.get(pc) ?? {};
    if (this.#descriptions.size < limits.connections) this.#descriptions.set(pc, of);
    const given = descriptionOf(value);
    const base = method[1] === 'setRemoteDescription' ? of.remote : (of.local ?? of.created);
    const whole = given && fillIn(base, given);
    if (method[1]?.startsWith('create')) {
      if (whole && !of.local) of.created = whole;
    } else if (!method[2]) of.asked = whole;
    else if (method[2] === 'OnSuccess') {
      const set = whole ?? of.asked;
      if (set) of[method[1] === 'setRemoteDescription' ? 'remote' : 'local'] = set;
    }
    return whole ?? value;
  }

  get result(): RawDump & { readonly version?: number } {
    const { browser, url, version } = this.#head;
    const losses: string[] = [];
    if (this.#unread > 0)
      losses.push(
        this.#unread === 1
          ? 'One line could not be read, perhaps because the file was cut off there.'
          : `${this.#unread} of ${this.#lines} lines could not be read.`,
      );
    if (this.#isTooLong) losses.push(`Only the first ${this.#lines} lines are shown: the dump is too long.`);
    return {
      events: this.#events,
      reports: this.#reports,
      losses,
      ...(browser && { browser }),
      ...(url && { url }),
      ...(version !== undefined && { version }),
    };
  }
}

/** What differences refer to: what is set, what createOffer() gave before anything was, what is about to be set. */
interface Descriptions {
  local?: Description;
  remote?: Description;
  created?: Description;
  asked?: Description | undefined;
}

/** A section that is only `m=` (or `v=`, the first one) is the same as in the description before. */
function fillIn(base: Description | undefined, given: Description): Description {
  if (!base || base.type !== given.type || !/^(?:v=|m=)\s*$/m.test(given.sdp)) return given;
  const before = sectionsOf(base.sdp);
  const sections = sectionsOf(given.sdp).map((section, index) =>
    section === (index === 0 ? 'v=' : 'm=') ? (before[index] ?? section) : section,
  );
  return { type: given.type, sdp: `${sections.join('\r\n')}\r\n` };
}

const sectionsOf = (sdp: string): string[] => sdp.split(/\r?\n(?=m=)/).map((section) => section.trim());
