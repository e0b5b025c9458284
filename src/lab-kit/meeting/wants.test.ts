import { expect, test } from 'vitest';
import { PeerId, type Member } from '../../protocol/signaling.ts';
import { noTracks } from '../../rtc/meeting/engine.ts';
import type { TileSpec } from './tiles.ts';
import { wantsOf, type WantsOptions } from './wants.ts';

const peer = (name: string) => PeerId.parse(name.padEnd(22, '-'));
const tile = (name: string, of: 'camera' | 'screen' = 'camera'): TileSpec => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else of a member is read
  const member = { peer: peer(name), name } as Member;
  const person = { peer: peer(name), member, tracks: noTracks, link: undefined };
  return { key: `${peer(name)}:${of}`, of, person, member };
};
const [bob, carol] = [tile('bob'), tile('carol')];
const options: WantsOptions = {
  pixelRatio: 1,
  pinned: null,
  isHidden: false,
  inWindow: null,
  recorded: null,
  all: [bob, carol],
};
const asked = (wants: ReturnType<typeof wantsOf>) =>
  wants.map(({ peer: id, width, height }) => `${id.replaceAll('-', '')} ${width}×${height}`);

test('a picture is asked for in the pixels of its screen, and nobody asks for one that is on another page', () => {
  const shown = [{ tile: bob, size: { width: 300.4, height: 169 } }];
  expect(asked(wantsOf(shown, options))).toEqual(['bob 304×176']);
  expect(asked(wantsOf(shown, { ...options, pixelRatio: 2 }))).toEqual(['bob 608×352']);
});

test('our own picture is asked of nobody', () => {
  const self = { ...bob, person: null, key: 'self:camera' } as const;
  expect(wantsOf([{ tile: self, size: { width: 300, height: 200 } }], options)).toEqual([]);
});

test('what is pinned comes first, then what is large', () => {
  const shown = [
    { tile: bob, size: { width: 160, height: 90 } },
    { tile: carol, size: { width: 640, height: 360 } },
  ];
  expect(asked(wantsOf(shown, options))).toEqual(['carol 640×368', 'bob 160×96']);
  const [first] = wantsOf(shown, { ...options, pinned: bob.key });
  expect(first).toMatchObject({ peer: peer('bob'), pinned: true });
});

test('a page that nobody sees asks for nothing but the picture in a window of its own', () => {
  const shown = [bob, carol].map((one) => ({ tile: one, size: { width: 320, height: 180 } }));
  expect(wantsOf(shown, { ...options, isHidden: true })).toEqual([]);
  const inWindow = { key: carol.key, size: { width: 400, height: 225 } };
  expect(asked(wantsOf(shown, { ...options, isHidden: true, inWindow }))).toEqual(['carol 400×240']);
});

test('a recording asks for everybody, and does not make smaller what is seen large', () => {
  const shown = [{ tile: bob, size: { width: 640, height: 360 } }];
  const wants = wantsOf(shown, { ...options, recorded: { width: 320, height: 180 } });
  expect(asked(wants)).toEqual(['bob 640×368', 'carol 320×192']);
});

test('no more is asked for than may be', () => {
  const all = Array.from({ length: 80 }, (_, index) => tile(`p${index}`));
  const shown = all.map((one) => ({ tile: one, size: { width: 160, height: 90 } }));
  expect(wantsOf(shown, { ...options, all })).toHaveLength(64);
});
