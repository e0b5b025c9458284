import type { z } from 'zod';
import type { Entry } from '../timeline.ts';
import { FORMAT, limits, parseEntry, RecordingHead, VERSION, type Recording } from './schema.ts';

/** A file that was opened, or a sentence or two: what is wrong with it and what to do. */
export type Opened =
  { readonly ok: true; readonly recording: Recording } | { readonly ok: false; readonly problem: string };

const no = (problem: string): Opened => ({ ok: false, problem });

/**
 * Opens a file's text. Never throws, whatever the file holds, and takes time in proportion to its size.
 *
 * @param name the file's name, for the sentence that says what is wrong
 */
export function openRecording(text: string, name: string): Opened {
  const file = `“${clip(name)}”`;
  const tooLarge = sizeProblem(text.length, name);
  if (tooLarge !== undefined) return no(tooLarge);
  if (text.trim() === '') return no(`${file} is empty. Save the run again, or choose another file.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const words = error instanceof Error ? clip(error.message, 160) : 'it cannot be read';
    return no(
      `${file} is not complete JSON, so it cannot be a recording: ${words}. Was it cut off on its way? Save or send it again.`,
    );
  }
  const hostile = shapeProblem(value);
  if (hostile !== undefined)
    return no(`${file} ${hostile} Peerscope makes no such files, so it was not opened.`);
  if (!isObject(value) || value['format'] !== FORMAT)
    return no(
      `${file} is JSON, but not a recording of Peerscope. “Save run” in a lab makes one: its name ends in .peerscope.json.`,
    );
  return read(value, file);
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
