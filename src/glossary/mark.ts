import type { Term } from './terms.ts';

/** A piece of prose: plain text, or a word that is in the glossary. */
export type Piece = string | { readonly id: string; readonly text: string };

/** After these a word that can also be a verb is a noun. */
const BEFORE_NOUN = [
  'a|an|the|this|that|these|those|no|any|some|all|both|each|every|another|other|same|own|new|old|first|second',
  'my|your|her|his|its|their|our|one|two|three|several|many|few|local|remote|video|audio|selected|synthetic',
  "[a-z]+[’']s",
].join('|');

/**
 * Finds words of the glossary in prose: each one the first time only.
 *
 * @param seen ids that were found before; those that are found now are added
 */
export type Marker = (text: string, seen: Set<string>) => Piece[];

/** A marker for these terms. Of two names at the same place the longer one is taken. */
export function createMarker(terms: readonly Term[]): Marker {
  const names = terms
    .filter(({ found }) => found !== 'never')
    .flatMap((term) =>
      [term.term, ...(term.names ?? [])].map((name) => ({ term, pattern: patternOf(name, term) })),
    );
  return (text, seen) => {
    const pieces: Piece[] = [];
    let rest = 0;
    for (;;) {
      const next = firstOf(names, text, rest, seen);
      if (!next) break;
      if (next.at > rest) pieces.push(text.slice(rest, next.at));
      pieces.push({ id: next.id, text: next.text });
      seen.add(next.id);
      rest = next.at + next.text.length;
    }
    if (rest < text.length) pieces.push(text.slice(rest));
    return pieces;
  };
}

interface Name {
  readonly term: Term;
  readonly pattern: RegExp;
}

function firstOf(names: readonly Name[], text: string, from: number, seen: ReadonlySet<string>) {
  let best: { id: string; at: number; text: string } | undefined;
  for (const { term, pattern } of names) {
    if (seen.has(term.id)) continue;
    pattern.lastIndex = from;
    const match = pattern.exec(text);
    if (!match) continue;
    const [found] = match;
    if (!best || match.index < best.at || (match.index === best.at && found.length > best.text.length))
      best = { id: term.id, at: match.index, text: found };
  }
  return best;
}

/** A whole word, in the plural too, at the start of a sentence too; with other capitals exactly as it is written. */
function patternOf(name: string, { found, term }: Term): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const first = /^[a-z]/.test(escaped)
    ? `[${escaped[0]}${escaped[0]?.toUpperCase()}]${escaped.slice(1)}`
    : escaped;
  const plural = /[a-zA-Z]$/.test(name) ? '(?:s|es)?' : '';
  // What has more than one word, or is spelled as in an interface, cannot be taken for anything else.
  const isPlain = found === 'noun' && /^[a-z]+$/.test(name) && (name === term || !term.includes(name + '-'));
  const before = isPlain ? `(?<=(?<![\\w’'-])(?:${BEFORE_NOUN}) )` : String.raw`(?<![\w/.@:=#-])`;
  return new RegExp(`${before}${first}${plural}(?![\\w/@-]|\\.\\w|’[a-rt-z])`, 'g');
}
