import { readdirSync, readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openRecording } from '../../src/rtc/recording/open.ts';
import { allCells } from './cells.ts';
import type { Index } from './keep.ts';
import { wayOf } from './way.ts';

const folder = new URL('../../public/natlab/', import.meta.url);
const { cells, browsers } = JSON.parse(readFileSync(new URL('index.json', folder), 'utf8')) as Index;
const expected = new Map(allCells.map((cell) => [cell.id, cell.expected]));

test('every call of the laboratory has its recording, and there are no others', () => {
  expect(cells.map(({ id }) => id)).toEqual(allCells.map(({ id }) => id));
  expect(readdirSync(folder).toSorted()).toEqual(
    ['index.json', ...cells.map(({ recording }) => recording)].toSorted(),
  );
  expect(browsers.a).toMatch(/^Chromium \d+$/);
});

test('they are small enough to be part of the site', () => {
  const sizes = cells.map(({ recording }) => statSync(new URL(recording, folder)).size);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(40_000);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(1_500_000);
});

describe.each(cells)('$id', ({ id, outcome, recording: file }) => {
  const text = gunzipSync(readFileSync(new URL(file, folder))).toString();
  const opened = openRecording(text, file);

  test('it came out as RFC 4787 has it', () => {
    expect(wayOf(outcome)).toBe(expected.get(id));
  });

  test('it opens, with both ends and what passed between them', () => {
    if (!opened.ok) throw new Error(opened.problem);
    const { entries, hosted } = opened.recording;
    expect(hosted).toEqual(['alice', 'bob']);
    for (const peer of hosted)
      expect(entries.some((entry) => entry.peer === peer && entry.kind === 'description')).toBe(true);
    const at = (hop: string) => entries.filter((entry) => entry.kind === 'wire-message' && entry.at === hop);
    // Where no UDP leaves either home, nothing of it comes further than the routers.
    if (!id.startsWith('stun-udp-blocked-udp-blocked')) expect(at('server').length).toBeGreaterThan(0);
    expect(at('router-a').length + at('router-b').length).toBeGreaterThan(0);
  });

  test('it holds no password of the TURN server', () => {
    const credentials = [...text.matchAll(/"credential":"([^"]*)"/g)].map(([, one]) => one);
    expect(credentials.filter((one) => one !== '…')).toEqual([]);
  });
});
