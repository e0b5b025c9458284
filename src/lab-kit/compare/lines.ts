/**
 * The code of a TypeScript file without its comments; every other character, line ends among them, stays in its place.
 *
 * Strings, templates and regular expressions are told from comments; a `/` begins an expression where a value may begin.
 */
export function withoutComments(text: string): string {
  let code = '';
  let at = 0;
  while (at < text.length) {
    const token = tokenAt(text, at, code);
    code += token.isComment ? token.text.replace(/[^\n]/g, ' ') : token.text;
    at += token.text.length;
  }
  return code;
}

/**
 * Lines of code: those on which something is left when comments are taken away. Imports count, and so does a closing
 * brace; footnotes at the end of a file are a comment.
 */
export const countLines = (text: string): number =>
  withoutComments(text)
    .split('\n')
    .filter((line) => line.trim() !== '').length;

interface Token {
  readonly text: string;
  readonly isComment: boolean;
}

const comment = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const quoted = /'(?:[^'\\\n]|\\[\s\S])*'?|"(?:[^"\\\n]|\\[\s\S])*"?/y;
const expression = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
/** After one of these a value begins: a `/` is no division there. */
const valueBegins = /(?:^|[([{,;=:!&|?+\-*%<>~^]|\b(?:return|typeof|case|in|of|await|yield))\s*$/;

/** @param before the code in front of `at`, without comments */
function tokenAt(text: string, at: number, before: string): Token {
  const found = match(comment, text, at);
  if (found !== undefined) return { text: found, isComment: true };
  const first = text.charAt(at);
  if (first === '`') return { text: templateAt(text, at), isComment: false };
  const whole =
    match(quoted, text, at) ??
    (first === '/' && valueBegins.test(before.slice(-40)) ? match(expression, text, at) : undefined);
  return { text: whole ?? first, isComment: false };
}

/** A template with everything between its backticks, templates within its `${}` among it. */
function templateAt(text: string, start: number): string {
  let depth = 0;
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (depth === 0 && character === '`') return text.slice(start, at + 1);
    else if (depth === 0 && text.startsWith('${', at)) {
      depth = 1;
      at += 1;
    } else if (depth > 0 && character === '`') at += templateAt(text, at).length - 1;
    else if (depth > 0 && character === '{') depth += 1;
    else if (depth > 0 && character === '}') depth -= 1;
  }
  return text.slice(start);
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
