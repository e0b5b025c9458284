/** A value as it stands in JSON or in a JavaScript literal. Objects are maps: no key has a meaning of its own. */
export type Loose = string | number | boolean | null | readonly Loose[] | ReadonlyMap<string, Loose>;

export type LooseRead =
  | { readonly ok: true; readonly value: Loose }
  | { readonly ok: false; readonly problem: string; readonly line: number };

/** Deeper than any configuration. */
const MAX_DEPTH = 8;

class Unreadable extends Error {}

const token =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`)|(?<word>[\p{L}_$][\p{L}\p{N}_$.]*)|(?<number>-?\d+(?:\.\d+)?)|(?<sign>[{}[\],:;=()])|(?<other>[\s\S])/gu;

/**
 * Reads a list or an object that was copied from JSON or from a program: names without quotes, single quotes, comments and
 * a last comma are fine, and so is what stands before it, such as `const iceServers =`. Nothing is executed. Never throws.
 *
 * @returns the first object or list of the text; else what stands in the way, without repeating the text's own strings
 */
export function readLoose(text: string): LooseRead {
  const tokens = [...text.matchAll(token)].filter(({ groups }) =>
    Object.values(groups ?? {}).some((part) => part !== undefined),
  );
  let at = 0;
  const peek = () => tokens[at]?.groups;
  const fail = (words: string): never => {
    throw new Unreadable(words);
  };
  const isSign = (sign: string) => peek()?.['sign'] === sign;
  const skip = (sign: string) => isSign(sign) && Boolean(++at);

  const value = (depth: number): Loose => {
    if (depth > MAX_DEPTH) fail('This is nested too deeply.');
    const now = peek();
    if (!now) return fail('The text ends too early: a closing bracket is missing.');
    if (skip('[')) return list(depth);
    if (skip('{')) return map(depth);
    at++;
    if (now['text'] !== undefined) return unquote(now['text']);
    if (now['number'] !== undefined) return Number(now['number']);
    if (now['word'] === 'null' || now['word'] === 'undefined') return null;
    if (now['word'] === 'true' || now['word'] === 'false') return now['word'] === 'true';
    at--;
    if (now['word'] !== undefined)
      return fail(
        `“${now['word'].slice(0, 40)}” stands for a value that is elsewhere: put the value itself in quotes.`,
      );
    return fail('Here a text in quotes, a list or an object should stand.');
  };
  const list = (depth: number): Loose => {
    const items: Loose[] = [];
    while (!skip(']')) {
      items.push(value(depth + 1));
      if (!skip(',') && !isSign(']')) fail('Here a comma or “]” is missing.');
    }
    return items;
  };
  const map = (depth: number): Loose => {
    const members = new Map<string, Loose>();
    while (!skip('}')) {
      const now = peek();
      const name = now?.['text'] === undefined ? now?.['word'] : unquote(now['text']);
      if (name === undefined)
        fail(now ? 'Here a name should stand.' : 'The text ends too early: a closing bracket is missing.');
      at++;
      if (!skip(':')) fail('Here a “:” is missing.');
      members.set(name!, value(depth + 1));
      if (!skip(',') && !isSign('}')) fail('Here a comma or “}” is missing.');
    }
    return members;
  };

  while (peek() && !isSign('[') && !isSign('{')) at++;
  // `iceServers: [ … ]` and `const config = { … }` are fine as they are; what follows the value is not looked at.
  try {
    return { ok: true, value: value(0) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const index = tokens[at]?.index ?? text.length;
    return { ok: false, problem: error.message, line: text.slice(0, index).split('\n').length };
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', 0: '\0' };

function unquote(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(?:u([0-9A-Fa-f]{4})|([\s\S]))/g, (_, code?: string, one = '') =>
      code === undefined
        ? (escapes[one as string] ?? (one as string))
        : String.fromCharCode(Number.parseInt(code, 16)),
    );
}
