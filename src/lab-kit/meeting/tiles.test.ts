import { expect, test } from 'vitest';
import type { Member } from '../../protocol/signaling.ts';
import { noTracks } from '../../rtc/meeting/engine.ts';
import type { Person } from './session.ts';
import { initialsOf, placeTiles, stageOf, tilesOf, type TileSpec } from './tiles.ts';

const member = (peer: string, screen = false) =>
  ({ peer, name: peer, media: { muted: false, camera: true, screen } }) as unknown as Member;
const person = (peer: string, screen = false): Person => ({
  peer: peer as Person['peer'],
  member: member(peer, screen),
  tracks: noTracks,
  link: undefined,
});
const keys = (tiles: readonly TileSpec[]) => tiles.map(({ key }) => key);
const wide = { width: 1200, height: 700 };
const calm = { layout: 'grid' as const, pinned: null, small: new Set<never>(), active: null, area: wide };

test('a shared screen is a tile of its own, before the people; we come last', () => {
  const tiles = tilesOf({
    people: [person('ann'), person('bob', true)],
    self: member('me'),
    hidesSelf: false,
  });
  expect(keys(tiles)).toEqual(['bob:screen', 'ann:camera', 'bob:camera', 'self:camera']);
});

test('our own picture can be hidden, but not while there is nothing else', () => {
  const self = member('me');
  expect(keys(tilesOf({ people: [person('ann')], self, hidesSelf: true }))).toEqual(['ann:camera']);
  expect(keys(tilesOf({ people: [], self, hidesSelf: true }))).toEqual(['self:camera']);
});

test('a grid has no large tile until one is pinned or somebody else shares a screen', () => {
  const people = [person('ann'), person('bob')];
  const tiles = tilesOf({ people, self: member('me', true), hidesSelf: false });
  expect(stageOf(tiles, calm)).toMatchObject({ layout: 'grid', main: null });
  expect(stageOf(tiles, { ...calm, pinned: 'bob:camera' })).toMatchObject({
    layout: 'side',
    main: { key: 'bob:camera' },
  });
  const sharing = tilesOf({ people: [person('ann', true)], self: member('me'), hidesSelf: false });
  expect(stageOf(sharing, calm).main?.key).toBe('ann:screen');
  expect(stageOf(sharing, { ...calm, area: { width: 390, height: 600 } }).layout).toBe('speaker');
  expect(stageOf(sharing, { ...calm, small: new Set(['ann:screen'] as const) }).layout).toBe('grid');
});

test('whoever speaks stands large where somebody has to, and a pin goes before that', () => {
  const tiles = tilesOf({ people: [person('ann'), person('bob')], self: member('me'), hidesSelf: false });
  const speaker = { ...calm, layout: 'speaker' as const };
  expect(stageOf(tiles, speaker).main?.key).toBe('ann:camera');
  const { main, rest } = stageOf(tiles, { ...speaker, active: 'bob' });
  expect([main?.key, ...keys(rest)]).toEqual(['bob:camera', 'ann:camera', 'self:camera']);
  expect(stageOf(tiles, { ...speaker, active: 'bob', pinned: 'self:camera' }).main?.key).toBe('self:camera');
});

test('on a phone the others are a grid below whoever is large, and none of them leaves the screen', () => {
  const area = { width: 374, height: 640 };
  const options = { page: 0, minWidth: 148, gap: 8 };
  const { main, tiles, pages } = placeTiles('speaker', 6, area, options);
  expect(main).toMatchObject({ x: 0, y: 0, width: 374 });
  expect([tiles.length, pages]).toEqual([5, 1]);
  expect(Math.min(...tiles.map(({ y }) => y))).toBeGreaterThan(main!.height);
  expect(Math.max(...tiles.map(({ y, height }) => y + height))).toBeLessThanOrEqual(area.height + 1e-6);
  const wideOnes = placeTiles('speaker', 6, { width: 1200, height: 700 }, options);
  expect(new Set(wideOnes.tiles.map(({ y }) => y)).size).toBe(1);
});

test.each([
  ['Ada Lovelace', 'AL'],
  ['ada', 'A'],
  ['Grace Brewster Murray Hopper', 'GH'],
  ['“Zoë” van der Berg', 'ZB'],
  ['🙂', '?'],
])('%s has the initials %s', (name, initials) => expect(initialsOf(name)).toBe(initials));
