import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ageMs,
  decodeFrameCode,
  encodeFrameCode,
  peerTag,
  readFrameCode,
  type FrameCode,
  type Pixels,
} from './frame-code.ts';

const code: FrameCode = { frame: 1234, clockMs: 45_296_789, peer: 'alice' };

/** A picture of one grey with the strip of `bits` below, as a canvas would paint it. */
function paint(bits: readonly boolean[], width = 320, height = 180, black = 0, white = 255): Pixels {
  const data = new Uint8ClampedArray(width * height * 4).fill(90);
  const top = height * (15 / 18);
  for (let y = Math.ceil(top); y < height; y++)
    for (let x = 0; x < width; x++) {
      const cell = Math.floor((y - top) / (height / 18)) * 32 + Math.floor(x / (width / 32));
      data.fill(bits[cell] ? white : black, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  return { data, width, height };
}

/** Halves the size by averaging four pixels, as a scaling encoder does. */
function half({ data, width, height }: Pixels): Pixels {
  const small = new Uint8ClampedArray((width / 2) * (height / 2) * 4);
  for (let y = 0; y < height / 2; y++)
    for (let x = 0; x < width / 2; x++)
      for (let channel = 0; channel < 4; channel++) {
        const at = (dx: number, dy: number) => data[((2 * y + dy) * width + 2 * x + dx) * 4 + channel] ?? 0;
        small[(y * (width / 2) + x) * 4 + channel] = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4;
      }
  return { data: small, width: width / 2, height: height / 2 };
}

test('what was written is read, for every frame, clock and name', () => {
  const codes = fc.record({
    frame: fc.nat(2 ** 24 - 1),
    clockMs: fc.nat(86_399_999),
    peer: fc.string().map(peerTag),
  });
  fc.assert(
    fc.property(codes, (any) => {
      expect(decodeFrameCode(paint(encodeFrameCode(any)))).toEqual(any);
    }),
    {
      numRuns: 60,
    },
  );
});

test.each([
  ['half the size', half(paint(encodeFrameCode(code)))],
  ['four times the size', paint(encodeFrameCode(code), 1280, 720)],
  ['another shape', paint(encodeFrameCode(code), 640, 480)],
  ['limited range', paint(encodeFrameCode(code), 320, 180, 16, 235)],
  ['low contrast', paint(encodeFrameCode(code), 320, 180, 80, 160)],
])('is read in %s', (_, picture) => {
  expect(decodeFrameCode(picture)).toEqual(code);
});

test('is read under noise of a quarter of the range', () => {
  const picture = paint(encodeFrameCode(code));
  let seed = 1;
  for (let i = 0; i < picture.data.length; i++) {
    seed = (seed * 48_271) % 2_147_483_647; // Lehmer: the same noise in every run
    picture.data[i] = picture.data[i]! + ((seed % 128) - 64);
  }
  expect(decodeFrameCode(picture)).toEqual(code);
});

test('up to three cells read wrongly are noticed', () => {
  const bits = encodeFrameCode(code);
  const cells = fc.uniqueArray(fc.integer({ min: 4, max: 95 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(cells, (wrong) => {
      const damaged = bits.map((bit, index) => (wrong.includes(index) ? !bit : bit));
      expect(decodeFrameCode(paint(damaged))).toBeUndefined();
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['black', new Uint8ClampedArray(320 * 180 * 4)],
  ['white', new Uint8ClampedArray(320 * 180 * 4).fill(255)],
  [
    'grey stripes',
    new Uint8ClampedArray(320 * 180 * 4).map((_, index) => (Math.floor(index / 40) % 2 ? 200 : 30)),
  ],
])('a picture without a strip (%s) has no code', (_, data) => {
  expect(readFrameCode({ data, width: 320, height: 180 })).toBeUndefined();
});

test.each([
  ['alice', 'alice'],
  ['Bob', 'bob'],
  ['Žofie Nováková', 'ofien'],
  ['peer-2', 'peer2'],
  ['Bot 5', 'bot5'],
  ['Bot 6', 'botf'],
  ['Bot 9', 'boti'],
  ['李雷', ''],
])('the tag of %s is “%s”', (name, tag) => expect(peerTag(name)).toBe(tag));

test('a frame or a clock out of range is refused', () => {
  expect(() => encodeFrameCode({ ...code, frame: 2 ** 24 })).toThrow(RangeError);
  expect(() => encodeFrameCode({ ...code, clockMs: -1 })).toThrow(RangeError);
  expect(() => encodeFrameCode({ ...code, frame: 0.5 })).toThrow(RangeError);
});

test('the age of a picture is right across midnight', () => {
  expect(ageMs({ ...code, clockMs: 86_399_990 }, 30)).toBe(40);
  expect(ageMs({ ...code, clockMs: 5 }, 86_399_995)).toBe(-10);
  expect(ageMs({ ...code, clockMs: 1000 }, 1120)).toBe(120);
});
