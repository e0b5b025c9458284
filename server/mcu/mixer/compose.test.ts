import { expect, test } from 'vitest';
import { bytesOf, Canvas, type Colour, type Picture, planesOf } from './compose.ts';

const red: Colour = { y: 80, u: 90, v: 240 };
const blue: Colour = { y: 40, u: 240, v: 110 };

function flat(width: number, height: number, { y, u, v }: Colour): Picture {
  const data = new Uint8Array(bytesOf({ width, height }));
  for (const [index, value] of [y, u, v].entries()) {
    const plane = planesOf({ width, height })[index]!;
    data.fill(value, plane.offset, plane.offset + plane.width * plane.height);
  }
  return { width, height, data };
}

function at({ width, height, data }: Picture, x: number, y: number): Colour {
  const [luma, u, v] = planesOf({ width, height });
  const chroma = (y >> 1) * u.width + (x >> 1);
  return {
    y: data[luma.offset + y * width + x]!,
    u: data[u.offset + chroma]!,
    v: data[v.offset + chroma]!,
  };
}

test('a picture fills its cell with its colour, and touches nothing beside it', () => {
  const canvas = new Canvas({ width: 64, height: 32 });
  const ground = at(canvas, 40, 16);
  canvas.draw(flat(320, 160, red), { x: 0, y: 0, width: 32, height: 32 }, 'cover');
  expect(at(canvas, 16, 16)).toEqual(red);
  expect(at(canvas, 3, 3)).toEqual(red);
  expect(at(canvas, 28, 28)).toEqual(red);
  expect(at(canvas, 34, 16)).toEqual(ground);
});

test.each([
  [321, 179],
  [17, 33],
  [1, 1],
])('a picture of %d×%d, of odd sides, is read inside its planes only', (width, height) => {
  const canvas = new Canvas({ width: 64, height: 64 });
  canvas.draw(flat(width, height, blue), { x: 0, y: 0, width: 64, height: 64 }, 'cover');
  expect(at(canvas, 4, 4)).toEqual(blue);
  expect(at(canvas, 58, 58)).toEqual(blue);
});

test('cover cuts the sides of a wide picture; contain shows all of it between bars', () => {
  const wide = flat(200, 50, red);
  // Its outer quarters are blue.
  for (let y = 0; y < 50; y++)
    for (let x = 0; x < 200; x++) if (x < 50 || x >= 150) wide.data[y * 200 + x] = blue.y;
  const cell = { x: 0, y: 0, width: 64, height: 64 };
  const cover = new Canvas({ width: 64, height: 64 });
  cover.draw(wide, cell, 'cover');
  expect(at(cover, 4, 32).y).toBe(red.y);
  expect(at(cover, 60, 4).y).toBe(red.y);
  const contain = new Canvas({ width: 64, height: 64 });
  const ground = at(contain, 32, 4);
  contain.draw(wide, cell, 'contain');
  expect(at(contain, 32, 32).y).toBe(red.y);
  expect(at(contain, 4, 32).y).toBe(blue.y);
  expect(at(contain, 32, 4)).toEqual(ground);
});

test('a smaller picture is the mean of the larger one, not a choice of its lines', () => {
  const lines = flat(64, 64, red);
  for (let y = 0; y < 64; y += 2) lines.data.fill(200, y * 64, (y + 1) * 64);
  for (let y = 1; y < 64; y += 2) lines.data.fill(100, y * 64, (y + 1) * 64);
  const canvas = new Canvas({ width: 36, height: 36 });
  // With the gap around it, half the size.
  canvas.draw(lines, { x: 0, y: 0, width: 36, height: 36 }, 'cover');
  const middle = Array.from({ length: 12 }, (_, index) => at(canvas, 16, 10 + index).y);
  expect(Math.min(...middle)).toBeGreaterThan(130);
  expect(Math.max(...middle)).toBeLessThan(170);
});

test('somebody without a camera is head and shoulders on a plain ground', () => {
  const canvas = new Canvas({ width: 320, height: 180 });
  canvas.drawNobody({ x: 0, y: 0, width: 320, height: 180 });
  const corner = at(canvas, 10, 10).y;
  expect(at(canvas, 160, 70).y).toBeGreaterThan(corner);
  expect(at(canvas, 160, 140).y).toBeGreaterThan(corner);
  expect(at(canvas, 60, 140).y).toBe(corner);
});
