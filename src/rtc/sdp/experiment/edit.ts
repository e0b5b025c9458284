import { subjects } from '../align.ts';
import { parseSdp, type SdpLine, type SessionDescriptionModel } from '../parse.ts';

/** Where a line stands, said so that the corresponding line of another description can be found. */
export interface LineAddress {
  /** The kind of its m-section, `session` for the part before the first. */
  readonly section: string;
  /** Which of the sections of that kind, from 0. Sections that are off do not count: a fresh pair has none. */
  readonly nth: number;
  /** What the line is about; see {@link subjects}. */
  readonly subject: string;
  /** The line as it stood there. */
  readonly raw: string;
}

/** What to do to a description. */
export type Edit =
  | { readonly does: 'remove'; readonly at: LineAddress }
  | { readonly does: 'replace'; readonly at: LineAddress; readonly text: string }
  | { readonly does: 'insert'; readonly after: LineAddress; readonly text: string };

export type Edited =
  | {
      readonly ok: true;
      readonly sdp: string;
      /** The line that was there, and the one that is there now. */
      readonly before?: string;
      readonly after?: string;
    }
  | { readonly ok: false; readonly why: string };

/** The longest line that a learner may write, in UTF-16 code units: the longest that browsers write is near 300. */
export const maxLineLength = 2000;

/** What is wrong with a line that somebody wrote, in a sentence; undefined where it can be tried. */
export function problemOf(text: string): string | undefined {
  if (text.trim() === '') return 'The line is empty. To go without it, take it away.';
  if (text.length > maxLineLength) return `The line is longer than ${maxLineLength} characters.`;
  // A line break would be a second line, and a NUL the end of the text for some parsers.
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\u0000-\u0008\u000A-\u001F\u007F\u2028\u2029]/.test(text))
    return 'The line holds a line break or another control character: one line at a time.';
  return undefined;
}

/** The address of a line, or the reason why a fresh pair cannot have one like it. */
export function addressOf(
  line: SdpLine,
  model: SessionDescriptionModel,
): { readonly ok: true; readonly address: LineAddress } | { readonly ok: false; readonly why: string } {
  const section = model.media[line.sectionIndex];
  if (section?.rejected)
    return {
      ok: false,
      why: 'This m-section is off (port 0). A new pair offers only what is on, so there is no line like this one in it.',
    };
  const lines = section?.lines ?? model.session;
  const subject = subjects(lines)[lines.indexOf(line)];
  if (subject === undefined) return { ok: false, why: 'The line is not part of this description.' };
  const before = model.media.slice(0, section?.index ?? 0);
  const nth = before.filter(({ kind, rejected }) => kind === section?.kind && !rejected).length;
  return { ok: true, address: { section: section?.kind ?? 'session', nth, subject, raw: line.raw } };
}

/**
 * Makes the edit to another description than the one it was written for, to the line that corresponds.
 *
 * A replacement keeps what belongs to the new connection: of `a=ice-ufrag:abcd trickle` with `trickle` taken out the new
 * line keeps its own user name fragment. Only what the learner changed is carried over.
 *
 * @param sdp the description as a browser has just made it
 */
export function applyEdit(edit: Edit, sdp: string): Edited {
  const parsed = parseSdp(sdp);
  if (!parsed.ok) return { ok: false, why: parsed.problem.message };
  const address = edit.does === 'insert' ? edit.after : edit.at;
  const line = find(address, parsed.model);
  if (!line) return { ok: false, why: missing(address) };
  const { raw, ending } = line;
  switch (edit.does) {
    case 'remove':
      return { ok: true, before: raw, sdp: joined(parsed.model, (one) => (one === line ? '' : undefined)) };
    case 'insert': {
      const sdpNow = joined(parsed.model, (one) =>
        one === line ? `${raw}${ending || '\r\n'}${edit.text}\r\n` : undefined,
      );
      return { ok: true, after: edit.text, sdp: sdpNow };
    }
    case 'replace': {
      const after = transplant(address.raw, edit.text, raw);
      const sdpNow = joined(parsed.model, (one) => (one === line ? `${after}${ending}` : undefined));
      return { ok: true, before: raw, after, sdp: sdpNow };
    }
    default:
      throw edit satisfies never;
  }
}

function find({ section, nth, subject }: LineAddress, model: SessionDescriptionModel): SdpLine | undefined {
  const lines =
    section === 'session'
      ? model.session
      : model.media.filter(({ kind, rejected }) => kind === section && !rejected)[nth]?.lines;
  return lines?.[subjects(lines).indexOf(subject)];
}

function missing({ section, subject }: LineAddress): string {
  if (subject.startsWith('a=candidate'))
    return 'The description has no such candidate at this point: createOffer() and createAnswer() make one without any, and they come after setLocalDescription(). Try it on the way.';
  const where = section === 'session' ? 'the session section' : `an m-section for ${section}`;
  return `The description that this browser makes has no line about ${subject} in ${where}: another browser wrote it, or it came in a later exchange.`;
}

function joined({ lines }: SessionDescriptionModel, replace: (line: SdpLine) => string | undefined): string {
  return lines.map((line) => replace(line) ?? line.raw + line.ending).join('');
}

/**
 * Carries a change over to a line that says the same with other values.
 *
 * Both are cut into words and the marks between them; words that were left alone stay those of `fresh`.
 */
function transplant(original: string, edited: string, fresh: string): string {
  if (original === fresh || original === edited) return original === edited ? fresh : edited;
  const [from, to, own] = [pieces(original), pieces(edited), pieces(fresh)];
  const shortest = Math.min(from.length, to.length);
  let head = 0;
  while (head < shortest && from[head] === to[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && from.at(-1 - tail) === to.at(-1 - tail)) tail += 1;
  const written = to.slice(head, to.length - tail);
  const result = [...own.slice(0, head), ...written, ...own.slice(own.length - tail)].join('');
  if (result !== fresh) return result;
  // By chance the new line holds just what was written, say one hexadecimal digit: another one says the same.
  const last = [...own];
  const place = Math.max(0, own.length - tail - 1);
  last[place] = (last[place] ?? '').replace(/[0-9A-Za-z]$/, (digit) => (digit === '0' ? '1' : '0'));
  return last.join('');
}

const pieces = (line: string): string[] => line.match(/[^\s:;=,/]+|[\s:;=,/]/g) ?? [];
