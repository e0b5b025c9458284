import { expect, test } from 'vitest';
import { edgesOf, hopsTo, streamsOfAlice, type Shape } from './shape.ts';

test.each<[Shape, string[], number]>([
  ['star', ['alice-bob', 'alice-carol', 'alice-dave', 'alice-erin'], 1],
  ['tree', ['alice-bob', 'alice-carol', 'bob-dave', 'bob-erin'], 2],
  ['chain', ['alice-bob', 'bob-carol', 'carol-dave', 'dave-erin'], 4],
  ['focus', ['alice-bob', 'alice-carol', 'alice-dave', 'alice-erin'], 1],
])('a %s of five has four connections, offered by who is nearer to alice', (shape, offerers, hops) => {
  expect(edgesOf(shape, 5).map(([offerer]) => offerer)).toEqual(offerers);
  expect(hopsTo(shape, 'erin')).toBe(hops);
  expect(hopsTo(shape, 'alice')).toBe(0);
});

test('what alice sends grows with all in a star, not at all in a tree, and with the square at a focus', () => {
  const streams = (shape: Shape) => [3, 5, 6].map((count) => streamsOfAlice(shape, count).streams);
  expect(streams('star')).toEqual([4, 8, 10]);
  expect(streams('tree')).toEqual([4, 4, 4]);
  expect(streams('chain')).toEqual([2, 2, 2]);
  expect(streams('focus')).toEqual([8, 32, 50]);
});
