import { expect, test } from 'vitest';
import { topologies } from '../../../protocol/middlebox.ts';
import { PeerId, TopologyReason } from '../../../protocol/signaling.ts';
import {
  arrivalWords,
  changeWords,
  choices,
  choiceWords,
  lastChangeWords,
  switchedWords,
  whyWords,
} from './words.ts';

const nobody = { host: null, strained: null };

test('each change is told with who can read the media from now on', () => {
  for (const topology of topologies)
    for (const why of [...TopologyReason.options, null]) {
      const words = changeWords({ topology, auto: false }, why, nobody);
      expect(words).toContain(topology === 'mesh' ? 'Only those who are in the meeting' : 'The server has');
      expect(words).toContain('from now on'.slice(1));
    }
});

test('who has chosen, and whose machine it was, is named where it is known', () => {
  const routing = { topology: 'sfu', auto: true } as const;
  expect(changeWords(routing, 'host', { ...nobody, host: 'Alice' })).toMatch(/^Alice has chosen it/);
  expect(changeWords(routing, 'host', { ...nobody, host: 'you' })).toMatch(/^You have chosen it/);
  expect(changeWords(routing, 'strain', { ...nobody, strained: 'Bob' })).toContain('for Bob’s machine');
  expect(changeWords(routing, 'strain', { ...nobody, strained: 'you' })).toContain('for your machine');
  expect(changeWords(routing, 'strain', nobody)).toContain('somebody’s machine');
});

test('whoever comes into a mesh is told nothing of it, and where a server has the keys that is said', () => {
  expect(arrivalWords({ topology: 'mesh', auto: true })).toBeNull();
  expect(arrivalWords({ topology: 'mcu', auto: false })).toContain('The server has the keys');
});

test('each choice says what it costs and who has the keys', () => {
  for (const choice of choices) {
    expect(choiceWords[choice].cost).toMatch(/\.$/);
    expect(choiceWords[choice].keys).toMatch(/\.$/);
  }
  expect(whyWords({ topology: 'mesh', auto: true }, null)).toContain('chooses');
});

test('after a change it is told how long pictures stood still, as it was measured, and nothing where nothing was', () => {
  const peer = (name: string) => PeerId.parse(name.padEnd(22, '-'));
  const nameOf = (id: PeerId) => id.replaceAll('-', '');
  const change = { from: 'mesh', to: 'sfu', why: 'host', tookMs: 1_240, isWhole: true } as const;
  const gaps = new Map([
    [peer('bob'), 94],
    [peer('carol'), 1_400],
    [peer('dave'), null],
  ]);
  expect(switchedWords({ ...change, gaps }, nameOf)).toContain('for 1.4 s at most, that of carol: measured');
  expect(lastChangeWords({ ...change, gaps }, nameOf)).toBe(
    'The last change, from Mesh to SFU, took 1.2 s. Pictures stood still: bob 0.09 s, carol 1.4 s, and dave not seen.',
  );
  expect(switchedWords({ ...change, gaps: new Map() }, nameOf)).toContain('No picture was in sight');
  expect(switchedWords({ ...change, gaps, isWhole: false }, nameOf)).toContain('still missing');
});
