import type { z } from 'zod';
import { readDump, type Dump } from '../dumps/index.ts';
import type { Entry } from '../timeline.ts';
import { FORMAT, limits, parseEntry, RecordingHead, VERSION, type Recording } from './schema.ts';

/** A file that was opened, or a sentence or two: what is wrong with it and what to do. */
export type Opened =
  { readonly ok: true; readonly recording: Recording } | { readonly ok: false; readonly problem: string };

const no = (problem: string): Opened => ({ ok: false, problem });

/**
 * Opens a file's text: a recording of ours, or a dump of another program. Never throws, whatever the file holds, and takes time in proportion to its size.
 *
 * @param name the file's name, for the sentence that says what is wrong
 */
export function openRecording(text: string, name: string): Opened {
  const file = `“${clip(name)}”`;
  const tooLarge = sizeProblem(text.length, name);
  if (tooLarge !== undefined) return no(tooLarge);
  if (text.trim() === '') return no(`${file} is empty. Save the run again, or choose another file.`);
  const parsed = parse(text);
  if (parsed.ok && isObject(parsed.value) && parsed.value['format'] === FORMAT) {
    const hostile = shapeProblem(parsed.value);
    if (hostile === undefined) return read(parsed.value, file);
    return no(`${file} ${hostile} Peerscope makes no such files, so it was not opened.`);
  }
  const dump = readDump(text);
  if (dump) return dump.ok ? { ok: true, recording: fromDump(dump) } : no(`${file}: ${dump.problem}`);
  if (!parsed.ok)
    return no(
      `${file} is neither complete JSON nor a dump that is known here: ${parsed.problem}. Was it cut off on its way? Save or send it again.`,
    );
  return no(
    `${file} is JSON, but neither a recording of Peerscope nor a dump of chrome://webrtc-internals or rtcstats. “Save run” in a lab makes a recording: its name ends in .peerscope.json.`,
  );
}

function parse(text: string): { ok: true; value: unknown } | { ok: false; problem: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? clip(error.message, 160) : 'it cannot be read' };
  }
}

/** A dump as a recording. It has no lab and no code; its time is that of its first entry. */
function fromDump({ title, browser = '', startedAtMs = 0, peers, hosted, entries }: Dump): Recording {
  const isDate = Number.isFinite(startedAtMs) && Math.abs(startedAtMs) <= 8.64e15; // what Date can hold (ECMA-262 §21.4.1.1)
  return {
    format: FORMAT,
    version: VERSION,
    savedAt: new Date(isDate ? startedAtMs : 0).toISOString(),
    userAgent: browser,
    lab: '',
    title,
    arrangement: '',
    controls: {},
    peers: [...peers],
    hosted: [...hosted],
    source: '',
    entries,
  };
}

/** Why a file of this size is not opened; undefined when it is. @param size bytes, or characters */
export function sizeProblem(size: number, name: string): string | undefined {
  if (size <= limits.fileBytes) return undefined;
  return `“${clip(name)}” has ${inMB(size)} MB; files up to ${inMB(limits.fileBytes)} MB are opened. A shorter run, or one with fewer peers, makes a smaller file.`;
}

function read(value: Record<string, unknown>, file: string): Opened {
  const { version } = value;
  if (typeof version === 'number' && version > VERSION)
    return no(
      `${file} was saved by a newer Peerscope (format ${version}; this one reads up to ${VERSION}). Update Peerscope, or open it where it was saved.`,
    );
  const head = RecordingHead.safeParse(value);
  if (!head.success) return no(`${file} is a recording, but ${wrong(head.error)}. ${ADVICE}`);
  const entries: Entry[] = [];
  let [lastMs, lastSeq] = [0, -1];
  for (const [index, given] of head.data.entries.entries()) {
    const entry = parseEntry(given);
    if (!entry.success)
      return no(`${file} is a recording, but in entry ${index + 1} ${wrong(entry.error)}. ${ADVICE}`);
    const { atMs, seq } = entry.data;
    if (seq <= lastSeq)
      return no(
        `${file} is a recording, but entry ${index + 1} has the number ${seq} after ${lastSeq}: the order is lost. ${ADVICE}`,
      );
    if (atMs < lastMs)
      return no(
        `${file} is a recording, but entry ${index + 1} is earlier than the one before it, and a clock never goes back. ${ADVICE}`,
      );
    [lastMs, lastSeq] = [atMs, seq];
    entries.push(entry.data);
  }
  return { ok: true, recording: { ...head.data, entries } };
}

const ADVICE = 'It was changed after it was saved; open the original.';

/** The first thing that does not fit, in words: where it stands and what was expected there. */
function wrong({ issues: [issue] }: z.ZodError): string {
  if (!issue) return 'it does not fit the format';
  const path = issue.path.map(String).join('.');
  return `${path ? `“${clip(path)}” does not fit` : 'something does not fit'} (${clip(issue.message, 160)})`;
}

/**
 * What makes a value dangerous to walk through: nested too deep, lists too long, a key that means something else in
 * JavaScript. Walks without recursion.
 */
function shapeProblem(root: unknown): string | undefined {
  const waiting: [value: unknown, depth: number][] = [[root, 0]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [value, depth] = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > limits.depth) return `is nested more than ${limits.depth} levels deep.`;
    const isEntries = depth === 1 && Array.isArray(value);
    const members = Object.keys(value);
    if (members.length > (isEntries ? limits.entries : limits.items))
      return `holds a list of ${members.length} items.`;
    for (const key of members) {
      if (key === '__proto__') return 'uses “__proto__” as a name.';
      const member: unknown = value[key as keyof typeof value];
      if (typeof member === 'object' && member !== null) waiting.push([member, depth + 1]);
    }
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const inMB = (bytes: number): string => (bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0);

/** Text out of a file, short enough for a sentence. */
function clip(text: string, length = 80): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
