import { expect, test } from 'vitest';
import { linkToCompare, readCompareAddress } from './compare-address.ts';

const tasks = ['text', 'call'];

test('a link says the task, the third column and the pace, and reads as it was written', () => {
  const link = linkToCompare('http://localhost:4300', { task: 'call', third: 'helper', pace: 'step' });
  expect(link).toBe('http://localhost:4300/compare/?task=call&third=helper&pace=step');
  expect(readCompareAddress(new URL(link).searchParams, tasks)).toEqual({
    task: 'call',
    third: 'helper',
    pace: 'step',
    presents: false,
    problems: [],
  });
});

test('what nobody knows is told in a sentence, and the rest holds', () => {
  const search = new URLSearchParams({ task: 'tea', third: 'raw', pace: 'slow', present: '1', other: 'x' });
  expect(readCompareAddress(search, tasks)).toEqual({
    pace: 'slow',
    presents: true,
    problems: [
      'The link says task=tea, which is none of: text, call.',
      'The link says third=raw, which is none of: helper, simple-peer.',
    ],
  });
});
