import { expect, test } from 'vitest';
import { botRank } from './bot-rank.ts';
import { hueOf } from './hue.ts';
import { toneOf } from './tone.ts';

const eight = [1, 2, 3, 4, 5, 6, 7, 8];
const server = eight.map((number) => `Bot ${number}`);
const browser = eight.map((number) => `Browser bot ${number}`);
const people = ['alice', 'bob', 'carol', 'dave', 'Erin', 'Frank', 'Guest', 'A', 'B', 'C', 'D', 'E', 'F', 'G'];

/** The least distance between any two values; of degrees the shorter way round. */
const nearest = (values: readonly number[], round = Infinity) =>
  Math.min(
    ...values.flatMap((one, index) =>
      values.slice(index + 1).map((other) => Math.min(Math.abs(one - other), round - Math.abs(one - other))),
    ),
  );

test('numbered bots have a place each, and nobody else has one', () => {
  expect(new Set([...server, ...browser].map(botRank)).size).toBe(16);
  const others = ['Bot', 'Bot 0', 'Bot 31', 'Bot 01', 'bot 1', 'Browser bot 9', 'alice'];
  expect(others.map(botRank)).toEqual(others.map(() => undefined));
  expect(['Bot 9', 'Bot 10', 'Bot 30'].map(botRank)).toEqual(['Bot 1', 'Bot 2', 'Bot 6'].map(botRank));
});

test('the colours of eight bots of one kind are 45° apart, of sixteen 22.5°', () => {
  expect(nearest(server.map(hueOf), 360)).toBe(45);
  expect(nearest(browser.map(hueOf), 360)).toBe(45);
  expect(nearest([...server, ...browser].map(hueOf), 360)).toBe(22.5);
});

test('the tones of bots are 150 Hz apart, of both kinds 75 Hz, and none is that of a person', () => {
  expect(nearest(server.map(toneOf))).toBe(150);
  expect(nearest([...server, ...browser].map(toneOf))).toBe(75);
  expect(Math.min(...server.map(toneOf)) - Math.max(...people.map(toneOf))).toBeGreaterThan(60);
});

test('a whole number of periods of a server’s bot fits into 20 ms: its sound is a loop without a seam', () => {
  expect(server.map((name) => (toneOf(name) * 20) / 1000).every(Number.isInteger)).toBe(true);
});
