import type { Entry, PeerLabel } from '../timeline.ts';
import { toEntries } from './entries.ts';
import { connectionsOf, readInternals } from './internals.ts';
import { cut, isObject, limits, member, parseJson, type RawDump } from './raw.ts';
import { HEADER, readRtcstats } from './rtcstats.ts';

/** Which program wrote a dump, and in which of its formats. */
export type DumpSource = 'webrtc-internals' | 'webrtc-internals-rtcstats' | 'rtcstats';

/** A dump as a run of a lab: what every panel can show. */
export interface Dump {
  readonly ok: true;
  readonly source: DumpSource;
  /** For people: which program, which page, how many connections. */
  readonly title: string;
  /** `Chromium 156`, where the dump says it. */
  readonly browser?: string;
  /** Milliseconds since 1970 of the first entry. */
  readonly startedAtMs?: number;
  /** `pc 1`, `pc 2`, …; those that talked with each other stand side by side. */
  readonly peers: readonly PeerLabel[];
  /** All of them: a dump is taken in the browser in which its connections lived. */
  readonly hosted: readonly PeerLabel[];
  readonly entries: readonly Entry[];
}

/** @param problem what is wrong and what to do about it, in a sentence or two */
export type ReadDump = Dump | { readonly ok: false; readonly problem: string };

/**
 * Reads a dump of chrome://webrtc-internals (both of its formats) or of rtcstats, unzipped.
 *
 * Never throws, whatever the text; work and memory are bounded (see `limits` in raw.ts). What cannot be read is left
 * out, and a note at the end of the timeline says so.
 *
 * @returns null when the text is none of these formats
 */
export function readDump(text: string): ReadDump | null {
  const source = sourceOf(text);
  if (!source) return null;
  if (text.length > limits.textLength)
    return {
      ok: false,
      problem: `The dump has ${Math.ceil(text.length / 1024 / 1024)} million characters, and ${limits.textLength / 1024 / 1024} million are read at most. Take one of a shorter call.`,
    };
  const raw = source === 'webrtc-internals' ? wholeJson(text) : lines(text);
  if (!raw)
    return {
      ok: false,
      problem:
        'This looks like a dump of chrome://webrtc-internals, but it is not whole JSON: perhaps the end is missing. Save or download it again.',
    };
  const { peers, entries, startedAtMs } = toEntries(raw);
  if (!entries.some(({ kind }) => kind !== 'note'))
    return {
      ok: false,
      problem:
        'The dump holds no connection. Open chrome://webrtc-internals before the call, and take the dump while the page of the call is still open.',
    };
  return {
    ok: true,
    source,
    title: titleOf(source, raw, peers.length),
    ...(raw.browser && { browser: raw.browser }),
    ...(startedAtMs !== undefined && { startedAtMs }),
    peers,
    hosted: peers,
    entries,
  };
}

/** Looks at the beginning only, and for JSON in one piece at the names that must be somewhere in it. */
function sourceOf(text: string): DumpSource | undefined {
  const start = text.slice(0, 4096).trimStart();
  // Chromium's page has no client that would introduce itself: its second line holds the version and nothing else.
  if (start.startsWith(HEADER))
    return /^RTCStatsDump\r?\n\{"fileFormat":\d+\}\s/.test(start) ? 'webrtc-internals-rtcstats' : 'rtcstats';
  if (/^\[\s*"[\w.]+"\s*,\s*(?:null|"[^"]*")\s*,/.test(start)) return 'rtcstats';
  if (!start.startsWith('{'))
    return /^\/?\S*\r?\n[^]{0,2000}?^\["[\w.]+",/m.test(start) ? 'rtcstats' : undefined;
  if (/^\{[^\n]*\}\r?\n\s*\[\s*(?:"[\w.]+"|\d+)\s*,/.test(start)) return 'rtcstats';
  return /"peerConnections"\s*:/i.test(text) ? 'webrtc-internals' : undefined;
}

function wholeJson(text: string): RawDump | undefined {
  const dump = parseJson(text);
  if (!isObject(dump) || (!connectionsOf(dump) && !Array.isArray(member(dump, 'getUserMedia'))))
    return undefined;
  return readInternals(dump);
}

const lines = (text: string): RawDump => readRtcstats(linesOf(text));

function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from);
    yield text.slice(from, end < 0 ? text.length : end).trim();
    from = end < 0 ? text.length : end + 1;
  }
}

const programs: Readonly<Record<DumpSource, string>> = {
  'webrtc-internals': 'webrtc-internals dump',
  'webrtc-internals-rtcstats': 'rtcstats dump of webrtc-internals',
  rtcstats: 'rtcstats dump',
};

function titleOf(source: DumpSource, { browser, url }: RawDump, connections: number): string {
  const of = [browser, url && hostOf(url)].filter(Boolean).join(', ');
  const count = connections === 1 ? '1 connection' : `${connections} connections`;
  return cut(`${programs[source]}${of ? ` of ${of}` : ''}: ${count}`, 200);
}

function hostOf(url: string): string | undefined {
  try {
    return new URL(url).host || undefined;
  } catch {
    return undefined;
  }
}
