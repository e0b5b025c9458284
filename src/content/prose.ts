/** What a reader reads of a lesson: its text without frontmatter, code, components and the marks of Markdown. */
export function proseOf(text: string): string {
  return text
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/^( *)(`{3,})[\s\S]*?^\1\2 *$/gm, '')
    .replace(/^import .*$/gm, '')
    .replace(/^#+ .*$/gm, '')
    .replace(/<\/?[A-Za-z][^>]*>/g, '')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/^[ \t]*(?:[-*]|\d+\.) /gm, '')
    .replace(/[*_]/g, '')
    .replace(/\n{2,}/g, '\n\n')
    .trim();
}

/** How many words there are, code among them: it has to be read as well. */
export const countWords = (prose: string): number => prose.split(/\s+/).filter(Boolean).length;

/**
 * Flesch reading ease, 0 … 100 and a little beyond: 60 and more is plain English.
 *
 * `206.835 − 1.015·(words ÷ sentences) − 84.6·(syllables ÷ words)`. Code between backticks counts as a word of one
 * syllable, so that names of interfaces do not decide.
 *
 * @see R. Flesch, “A new readability yardstick”, 1948
 */
export function readingEase(prose: string): number {
  const plain = prose.replace(/`[^`]*`/g, 'code').replace(/[“”‘’()«»]/g, '');
  const sentences = plain.split(/[.!?:;](?:\s|$)|\n\n/).filter((one) => /[a-z]/i.test(one)).length;
  const words = plain.match(/[A-Za-zÀ-ž][\w’'-]*/g) ?? [];
  const syllables = words.reduce((sum, word) => sum + syllablesOf(word), 0);
  return 206.835 - 1.015 * (words.length / sentences) - 84.6 * (syllables / words.length);
}

/** Groups of vowels, a silent e at the end left out. A word in capitals is read as a name. */
function syllablesOf(word: string): number {
  if (/^[A-Z0-9-]+s?$/.test(word)) return 1;
  const vowels = word
    .toLowerCase()
    .replace(/(?:[^l]e|ed|es)$/, '')
    .match(/[aeiouyà-ž]+/g);
  return Math.max(1, vowels?.length ?? 0);
}
