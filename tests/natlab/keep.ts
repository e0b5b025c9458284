/** Keeps what the laboratory has seen: `public/natlab/`, an index and one flight recording for each call. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { toText } from '../../src/rtc/recording/save.ts';
import type { Entry } from '../../src/rtc/timeline.ts';
import type { Cell } from './cells.ts';
import type { NatKind, Servers } from './kinds.ts';
import type { Result } from './lab.ts';
import type { Outcome } from './way.ts';

const folder = new URL('../../public/natlab/', import.meta.url);
const indexFile = new URL('index.json', folder);

export interface Index {
  /** The day of the latest call in it, ISO 8601. */
  readonly made: string;
  /** All that took part on either side. */
  readonly browsers: Browsers;
  readonly cells: readonly Kept[];
}

/** Name and version of what ran on both sides: `Chromium 156`. */
export interface Browsers {
  readonly a: string;
  readonly b: string;
}

/** One call: its network, what came of it, and its recording. */
export interface Kept {
  readonly id: string;
  readonly a: NatKind;
  readonly b: NatKind;
  readonly servers: Servers;
  readonly special?: string;
  readonly browserB: 'chromium' | 'firefox';
  readonly browsers: Browsers;
  readonly outcome: Outcome;
  readonly recording: string;
}

/** Writes one call and its line of the index, in place of an earlier one of the same id. */
export function keep(cell: Cell, { recording, outcome }: Result, browsers: Browsers): void {
  mkdirSync(folder, { recursive: true });
  const file = `${cell.id}.json.gz`;
  const kept: Kept = {
    id: cell.id,
    a: cell.network.a,
    b: cell.network.b,
    servers: cell.servers,
    ...(cell.special !== undefined && { special: cell.special }),
    browserB: cell.browserB ?? 'chromium',
    browsers,
    outcome,
    recording: file,
  };
  const title = cell.special ?? `${cell.network.a} and ${cell.network.b}`;
  const text = toText({ ...recording, title: `NAT laboratory: ${title}`, entries: slim(recording.entries) });
  writeFileSync(new URL(file, folder), gzipSync(text, { level: 9 }));
  const others = readIndex()?.cells.filter(({ id }) => id !== kept.id) ?? [];
  writeIndex(recording.savedAt, [...others, kept]);
}

/** Removes recordings that the index does not name, and cells that are not made any more. */
export function tidy(ids: readonly string[]): void {
  const index = readIndex();
  if (!index) return;
  // In the order in which they are made, whatever was made last.
  const cells = ids.flatMap((id) => index.cells.filter((one) => one.id === id));
  writeIndex(index.made, cells);
  const named = new Set(cells.map(({ recording }) => recording));
  for (const file of readdirSync(folder))
    if (file.endsWith('.gz') && !named.has(file)) rmSync(new URL(file, folder));
}

function readIndex(): Index | undefined {
  return existsSync(indexFile) ? (JSON.parse(readFileSync(indexFile, 'utf8')) as Index) : undefined;
}

function writeIndex(made: string, cells: readonly Kept[]): void {
  const all = (side: 'a' | 'b') => [...new Set(cells.map(({ browsers }) => browsers[side]))].join(' or ');
  const index: Index = { made, browsers: { a: all('a'), b: all('b') }, cells };
  writeFileSync(indexFile, `${JSON.stringify(index, null, 1)}\n`);
}

/** Samples of the statistics that are kept of each peer: enough to see that media flows. */
const SAMPLES = 3;
/** Of messages of one kind between the same two addresses at one hop, so many are kept: the rest repeat the first. */
const ALIKE = 6;

/**
 * What is worth carrying to each reader: the first few samples, the first few of messages that are sent again and again,
 * times in microseconds. What was left out is counted in a note at the end.
 */
export function slim(entries: readonly Entry[]): Entry[] {
  const counts = new Map<string, number>();
  const isAmong = (limit: number, ...key: string[]): boolean => {
    const name = key.join(' ');
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count <= limit;
  };
  let leftOut = 0;
  const kept = entries.filter((entry) => {
    if (entry.kind === 'stats') return isAmong(SAMPLES, 'stats', entry.peer);
    if (entry.kind !== 'wire-message') return true;
    const { at, way, source, destination, bytes } = entry;
    const type = bytes.slice(0, 2); // the message type's first twelve bits: class and method of those in use
    if (isAmong(ALIKE, at, way, source, destination, type)) return true;
    leftOut += 1;
    return false;
  });
  if (leftOut > 0) {
    const { atMs = 0 } = kept.at(-1) ?? {};
    const text = `${leftOut} more messages passed the hops, like those that are shown: the recording keeps the first ${ALIKE} of a kind between the same two addresses.`;
    kept.push({ kind: 'note', text, peer: 'lab', atMs, seq: 0 });
  }
  return kept.map((entry, seq) => ({ ...entry, atMs: inMicroseconds(entry.atMs), seq }));
}

const inMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000;
