import { expect, test } from 'vitest';
import { PeerId } from '../../../src/protocol/signaling.ts';
import { aimOf, type Feed, heardBy, layerFor, Strain } from './plan.ts';

const peers = ['alice', 'bob', 'carol', 'dave', 'erin'].map((name) => PeerId.parse(name.padEnd(22, '-')));
const [alice, bob, carol, dave, erin] = peers as [PeerId, PeerId, PeerId, PeerId, PeerId];
const layers = ['l', 'm', 'h'].map((rid, index) => ({ rid, substream: 2 - index }));
const camera: Feed = { peer: alice, source: 'camera', feed: 1, mid: '1', layers, isOff: false };
const want = (width: number, pinned = false) => ({
  peer: alice,
  source: 'camera' as const,
  width,
  height: 9,
  pinned,
});
const heard = new Set<PeerId>();

test('three of the others are heard: whoever spoke last, then whoever came first', () => {
  expect([...heardBy(alice, [], peers)]).toEqual([bob, carol, dave]);
  expect([...heardBy(alice, [erin, alice], peers)]).toEqual([erin, bob, carol]);
  expect([...heardBy(erin, [erin, dave], peers)]).toEqual([dave, alice, bob]);
});

test.each([
  [1, 'l'],
  [384, 'l'],
  [385, 'm'],
  [768, 'm'],
  [769, 'h'],
  [4_000, 'h'],
])('a tile %i px wide gets layer %s', (width, rid) => {
  expect(layerFor(layers, width)?.rid).toBe(rid);
});

test('with one encoding there is no layer to choose', () => {
  expect(layerFor([], 300)).toBeUndefined();
});

test('a line that loses packets gets less of what is not pinned, for a while', () => {
  const strain = new Strain();
  strain.slow(1_000);
  const aim = (nowMs: number, pinned: boolean) =>
    aimOf(camera, { wants: [want(1280, pinned)], heard, lowered: strain.lowered(nowMs) });
  expect(aim(2_000, false)).toMatchObject({ layer: { rid: 'm' }, reason: 'bandwidth' });
  expect(aim(2_000, true)).toMatchObject({ layer: { rid: 'h' }, reason: null });
  expect(aim(20_000, false)).toMatchObject({ layer: { rid: 'h' }, reason: null });
});

test('a picture that nobody shows is not sent, and a sound that is not one of the loudest neither', () => {
  expect(aimOf(camera, { wants: [], heard, lowered: 0 })).toMatchObject({ send: false, reason: 'not-shown' });
  const microphone: Feed = { ...camera, source: 'microphone', layers: [] };
  expect(aimOf(microphone, { wants: [], heard, lowered: 0 })).toMatchObject({
    send: false,
    reason: 'not-loud',
  });
});
