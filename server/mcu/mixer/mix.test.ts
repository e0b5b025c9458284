import { expect, test } from 'vitest';
import { levelOf } from '../../../tests/support/goertzel.ts';
import { FRAME, Listener, RATE_HZ, Voice } from './mix.ts';

/** 10 ms of a sine, the `index`th. */
function sine(hz: number, gain: number, index: number, rateHz = RATE_HZ, channels = 1): Int16Array {
  const count = rateHz / 100;
  return Int16Array.from({ length: count * channels }, (_, at) => {
    const sample = index * count + Math.floor(at / channels);
    return Math.round(32_767 * gain * Math.sin((2 * Math.PI * hz * sample) / rateHz));
  });
}

interface Speaker {
  readonly owner: string;
  readonly hz: number;
  readonly gain: number;
  readonly rateHz?: number;
  readonly channels?: number;
}

/** What a listener has heard after `frames`: the last half second, −1 … 1. */
function hear(listener: string, speakers: readonly Speaker[], frames = 80): Float32Array {
  const one = new Listener<string>(listener);
  const voices = speakers.map((speaker) => ({ speaker, voice: new Voice() }));
  const heard: number[] = [];
  for (let index = 0; index < frames; index++) {
    for (const { speaker, voice } of voices) {
      const { hz, gain, rateHz = RATE_HZ, channels = 1 } = speaker;
      voice.push(sine(hz, gain, index, rateHz, channels), rateHz, channels);
    }
    const parts = voices.map(({ speaker, voice }) => ({
      owner: speaker.owner,
      voice,
      samples: voice.take(),
    }));
    heard.push(...one.mix(parts));
  }
  return Float32Array.from(heard.slice(-50 * FRAME), (sample) => sample / 32_768);
}

const alice = { owner: 'alice', hz: 440, gain: 0.2 };
const bob = { owner: 'bob', hz: 560, gain: 0.2 };
const carol = { owner: 'carol', hz: 700, gain: 0.2 };

test('everybody hears the others at their level, and not itself', () => {
  const mixed = hear('alice', [alice, bob, carol]);
  expect(levelOf(mixed, 440, RATE_HZ)).toBeLessThan(-80);
  expect(levelOf(mixed, 560, RATE_HZ)).toBeCloseTo(-14, 0);
  expect(levelOf(mixed, 700, RATE_HZ)).toBeCloseTo(-14, 0);
});

test('somebody alone hears silence', () => {
  expect(Math.max(...hear('alice', [alice]))).toBe(0);
});

test.each([
  [8_000, 1],
  [16_000, 1],
  [44_100, 1],
  [48_000, 2],
  [32_000, 2],
])('a voice of %d Hz with %d channels keeps its tone and its level', (rateHz, channels) => {
  const mixed = hear('alice', [{ ...bob, rateHz, channels }]);
  expect(Math.abs(levelOf(mixed, 560, RATE_HZ) + 14)).toBeLessThan(0.5);
  expect(levelOf(mixed, 660, RATE_HZ)).toBeLessThan(-50);
});

test('of many, the three loudest of the others are heard', () => {
  const others = [0.3, 0.05, 0.25, 0.02, 0.2].map((gain, index) => ({
    owner: `peer ${index}`,
    hz: 400 + 150 * index,
    gain,
  }));
  const mixed = hear('alice', [{ ...alice, hz: 1_500, gain: 0.9 }, ...others]);
  const levels = others.map(({ hz }) => levelOf(mixed, hz, RATE_HZ));
  expect(levels.map((level) => level > -40)).toEqual([true, false, true, false, true]);
  expect(levelOf(mixed, 1_500, RATE_HZ)).toBeLessThan(-70);
});

test('voices that together are louder than full scale are turned down, and not cut off', () => {
  const loud = [alice, bob, carol].map((speaker) => ({ ...speaker, gain: 0.8 }));
  const mixed = hear('dave', loud);
  expect(Math.max(...mixed)).toBeLessThan(0.97);
  expect(Math.max(...mixed)).toBeGreaterThan(0.7);
  const tones = loud.map(({ hz }) => levelOf(mixed, hz, RATE_HZ));
  // What a cut sum would have at 2·440 − 560 Hz and beside it.
  for (const hz of [320, 420 + 400, 960])
    expect(levelOf(mixed, hz, RATE_HZ)).toBeLessThan(Math.min(...tones) - 30);
});

test('a voice that has fallen behind is brought up to the present', () => {
  const voice = new Voice();
  for (let index = 0; index < 40; index++) voice.push(sine(440, 0.5, index), RATE_HZ, 1);
  let frames = 0;
  while (voice.take()) frames += 1;
  expect(frames).toBeLessThanOrEqual(3);
});

test('a voice gives up, frame by frame and without a click, what it never needs in hand', () => {
  const voice = new Voice();
  for (let index = 0; index < 10; index++) voice.push(sine(440, 0.5, index), RATE_HZ, 1);
  let [before, steepest] = [0, 0];
  for (let index = 10; index < 1_500; index++) {
    for (const sample of voice.take() ?? []) {
      steepest = Math.max(steepest, Math.abs(sample - before));
      before = sample;
    }
    voice.push(sine(440, 0.5, index), RATE_HZ, 1);
  }
  let left = 0;
  while (voice.take()) left += 1;
  expect(left).toBeLessThanOrEqual(4);
  // The sine itself climbs 0.029 from one sample to the next.
  expect(steepest).toBeLessThan(0.05);
});

test('a hole in a voice is silence, and it begins again with a little in hand', () => {
  const voice = new Voice();
  voice.push(sine(440, 0.5, 0), RATE_HZ, 1);
  expect(voice.take()).toBeNull();
  voice.push(sine(440, 0.5, 1), RATE_HZ, 1);
  expect(voice.take()).not.toBeNull();
  expect(voice.take()).not.toBeNull();
  expect(voice.take()).toBeNull();
});

test('what is no sound is not taken', () => {
  const voice = new Voice();
  voice.push(new Int16Array(480), 0, 1);
  voice.push(new Int16Array(480), 48_000, 0);
  voice.push(new Int16Array(480), Number.NaN, 1);
  expect(voice.take()).toBeNull();
});
