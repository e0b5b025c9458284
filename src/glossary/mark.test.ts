import { expect, test } from 'vitest';
import { createMarker } from './mark.ts';
import { terms } from './terms.ts';

const mark = createMarker(terms);
const found = (text: string, seen = new Set<string>()) =>
  mark(text, seen).flatMap((piece) => (typeof piece === 'string' ? [] : [`${piece.id}: ${piece.text}`]));

test('a term is found once, in the plural too, and nothing of the text is lost', () => {
  const text = 'Candidates of a NAT: each candidate has a foundation, and DTLS does not care.';
  const seen = new Set<string>();
  expect(found(text, seen)).toEqual([
    'ice-candidate: Candidates',
    'nat: NAT',
    'foundation: foundation',
    'dtls: DTLS',
  ]);
  expect(found(text, seen)).toEqual([]);
  const pieces = mark(text, new Set());
  expect(pieces.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('')).toBe(text);
});

test('of two names at one place the longer one is taken', () => {
  expect(found('A candidate pair is checked.')).toEqual(['candidate-pair: candidate pair']);
  expect(found('alice restarts: an ICE restart.')).toEqual(['ice-restart: ICE restart']);
});

test('a word that is also a verb is marked as a noun only', () => {
  expect(found('It never answers, whatever she offers.')).toEqual([]);
  expect(found('alice’s offer and the answer')).toEqual(['offer: offer', 'answer: answer']);
  expect(found('They track changes on the track.')).toEqual(['track: track']);
});

test('parts of words, paths and addresses are no terms', () => {
  expect(found('src/rtc/ice.ts, turn:turn.example.org, in mid-call, ICE-like, www.NAT.example')).toEqual([]);
});

test('ids and names are given once, and each definition is a sentence with a source', () => {
  expect(terms.length).toBeGreaterThan(120);
  const ids = terms.map(({ id }) => id);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  const names = terms.flatMap(({ term, names: others = [] }) => [term, ...others]);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  for (const { id, says, spec, lesson } of terms) {
    expect(says, id).toMatch(/^[A-Z0-9`\p{Lu}].*\.$/u);
    expect(says.length, id).toBeLessThan(260);
    expect(spec[0].length, id).toBeGreaterThan(3);
    expect(lesson, id).toMatch(/^\d\.\d+$/);
  }
});
