import { expect, test } from 'vitest';
import { place, type Portrayed } from './compositor.ts';

const track = {} as MediaStreamTrack;
const person = (id: string, screen = false): Portrayed => ({
  id,
  name: id,
  camera: track,
  screen: screen ? track : null,
  sounds: [],
});
const size = { width: 1280, height: 720 };

test('everybody is on the one picture, however many', () => {
  const people = Array.from({ length: 12 }, (_, index) => person(`p${index}`, index === 3));
  const placed = place(people, size);
  expect(placed.filter(({ of }) => of === 'camera').map((one) => one.person.id)).toEqual(
    people.map(({ id }) => id),
  );
  for (const { rect } of placed) {
    expect(rect.width).toBeGreaterThan(60);
    expect(rect.x + rect.width).toBeLessThanOrEqual(size.width);
    expect(rect.y + rect.height).toBeLessThanOrEqual(size.height);
  }
});

test('a screen is larger than any camera, and two share the place', () => {
  const area = ({ rect }: { rect: { width: number; height: number } }) => rect.width * rect.height;
  for (const people of [
    [person('a', true), person('b')],
    [person('a', true), person('b', true), person('c')],
  ]) {
    const placed = place(people, size);
    const cameras = placed.filter(({ of }) => of === 'camera');
    const screens = placed.filter(({ of }) => of === 'screen');
    expect(Math.min(...screens.map(area))).toBeGreaterThan(2 * Math.max(...cameras.map(area)));
    expect(Math.max(...screens.map(({ rect }) => rect.x + rect.width))).toBeLessThanOrEqual(
      Math.min(...cameras.map(({ rect }) => rect.x)),
    );
  }
});

test('nobody is no trouble', () => {
  expect(place([], size)).toEqual([]);
});
