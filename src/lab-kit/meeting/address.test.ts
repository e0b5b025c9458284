import { expect, test } from 'vitest';
import { meetingLink, readMeetingId, readName, readQuery } from './address.ts';

test.each([
  ['an id', 'team-7b', 'team-7b'],
  ['an id with spaces around it', '  team_7b ', 'team_7b'],
  ['a whole link', 'https://example.org/meet/?mid=team-7b', 'team-7b'],
  ['a link with more in it', 'http://localhost:3000/meet?media=synthetic&mid=a#x', 'a'],
  ['a link without a scheme', 'example.org/meet?mid=a', 'a'],
  ['its own link', meetingLink('https://example.org', 'a-b'), 'a-b'],
])('reads %s', (_, typed, mid) => expect(readMeetingId(typed)).toEqual({ value: mid }));

test.each([
  ['nothing', ' ', /Type the id/],
  ['a space inside', 'blue room', /no id/],
  ['markup', '<b>', /no id/],
  ['too many letters', 'a'.repeat(60), /no id/],
  ['a link to somewhere else', 'https://example.org/labs/', /leads to no meeting/],
  ['a link with a bad id', 'https://example.org/meet?mid=%3Cb%3E', /no id/],
])('says what is wrong with %s', (_, typed, words) =>
  expect(readMeetingId(typed)).toEqual({ problem: expect.stringMatching(words) }),
);

test('a name is trimmed, bounded, and holds nothing that controls how text is written', () => {
  expect(readName(' Ada ')).toEqual({ value: 'Ada' });
  expect(readName('<b>Ada</b>')).toEqual({ value: '<b>Ada</b>' });
  expect(readName('  ')).toEqual({ problem: expect.stringMatching(/Type a name/) });
  expect(readName('a'.repeat(41))).toEqual({ problem: expect.stringMatching(/this one has 41/) });
  expect(readName('Ada\u202eenim')).toEqual({ problem: expect.stringMatching(/invisible/) });
});

test('the address may name a meeting, a person and the synthetic media; what is not valid is left out', () => {
  expect(readQuery('?mid=a&name=Ada&media=synthetic')).toEqual({
    mid: 'a',
    problem: null,
    name: 'Ada',
    synthetic: true,
  });
  expect(readQuery('')).toEqual({ mid: null, problem: null, name: '', synthetic: false });
  expect(readQuery('?mid=a%20b&name=%00&media=camera')).toEqual({
    mid: null,
    problem: expect.stringMatching(/no id/),
    name: '',
    synthetic: false,
  });
});
