import { expect, test } from 'vitest';
import { PeerId } from '../../../src/protocol/ids.ts';
import { forwardBytes, forwardWord } from './lines.ts';

const alice = PeerId.parse('a'.repeat(22));
const bob = PeerId.parse('b'.repeat(22));
const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0)).buffer;

test('a word goes to whom it is for, with the name of its sender', () => {
  expect(forwardWord(JSON.stringify({ peer: bob, message: { text: 'hello' } }), alice)).toEqual({
    to: bob,
    text: JSON.stringify({ peer: alice, message: { text: 'hello' } }),
  });
});

test.each([
  ['no JSON', 'hello'],
  ['nobody', JSON.stringify({ message: 1 })],
  ['a field too many', JSON.stringify({ peer: bob, message: 1, from: alice })],
  ['more than is sent', JSON.stringify({ peer: bob, message: 'x'.repeat(20_000) })],
])('a word that is %s goes nowhere', (_, text) => {
  expect(forwardWord(text, alice)).toBeUndefined();
});

test('bytes keep what they carry, with the sender in front', () => {
  const part = forwardBytes(latin(`${bob}\u0000\u0001\u00ff`), alice);
  expect(part?.to).toBe(bob);
  expect(Buffer.from(part!.data).toString('latin1')).toBe(`${alice}\u0000\u0001\u00ff`);
});

test.each([
  ['too few', 'abc'],
  ['for nobody', `${' '.repeat(22)}x`],
])('bytes that are %s go nowhere', (_, text) => {
  expect(forwardBytes(latin(text), alice)).toBeUndefined();
});
