import { defineExercise } from '../../lab-kit/exercise/define.ts';
import { dbfs, rms } from '../../rtc/media/levels.ts';

const SAMPLE_RATE_HZ = 48_000;
/** Whole periods of every tone below: 100 ms. */
const LENGTH = 4_800;

/** What was put in, and what the learner's meter said. */
interface Reading {
  readonly check: 'tone' | 'levels' | 'shape' | 'silence';
  readonly what: string;
  readonly right: number;
  readonly said: unknown;
}

/** A level in dB as a reader sees it. */
const shown = (value: unknown) => {
  if (typeof value !== 'number') return value === undefined ? 'nothing' : 'something that is no number';
  return `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(1)} dBFS`;
};

const isNear = ({ right, said }: Reading) => typeof said === 'number' && Math.abs(said - right) <= 1;

/** Renders a wave with Web Audio, faster than it would sound, and without a sound device. */
async function render(
  type: OscillatorType,
  frequency: number,
  gain: number,
  stopSec = 1,
): Promise<Float32Array> {
  const context = new OfflineAudioContext(1, LENGTH, SAMPLE_RATE_HZ);
  const wave = new OscillatorNode(context, { type, frequency });
  wave.connect(new GainNode(context, { gain })).connect(context.destination);
  wave.start();
  wave.stop(stopSec);
  return (await context.startRendering()).getChannelData(0);
}

/** One of several frequencies that have whole periods in what is rendered. */
const someHz = () => [200, 440, 480, 1_000, 1_250][Math.floor(Math.random() * 5)] ?? 440;

export default defineExercise<{ readings: Reading[]; isPlayed: boolean }>({
  kind: 'complete',
  title: 'A meter that tells the truth',
  task: [
    'Write `level()`. It gets the samples of a moment, numbers between −1 and 1 as `getFloatTimeDomainData()` gives them, and returns their level in dBFS: the decibels of the root mean square, where an RMS of 1 is 0 dBFS.',
    'It is tried with tones of several levels, with waves of other shapes, and with silence. Each reading must be right within 1 dB.',
  ],
  hints: [
    'Root, mean, square, from the inside out: square each sample, take the mean, then the root.',
    'An amplitude in decibels is `20 * Math.log10(amplitude)`. With 10 in place of 20 it would be a power.',
    '`let sum = 0; for (const sample of samples) sum += sample * sample;` then `return 20 * Math.log10(Math.sqrt(sum / samples.length));`. The logarithm of 0 is −Infinity, which is right for silence.',
  ],
  limitMs: 6_000,
  facts: () => ({ readings: [], isPlayed: false }),
  async play({ facts, call }) {
    const read = async (
      check: Reading['check'],
      what: string,
      samples: Float32Array,
      right = dbfs(rms(samples)),
    ) => {
      const said = await call('level', samples);
      facts.readings.push({ check, what, right, said });
    };
    await read('tone', 'A tone of −20 dBFS', await render('sine', 480, 0.1 * Math.SQRT2));
    for (let turn = 0; turn < 4; turn++) {
      const wanted = -6 - turn * 12 - Math.random() * 10;
      const samples = await render('sine', someHz(), 10 ** (wanted / 20) * Math.SQRT2);
      await read('levels', `A tone of ${shown(wanted)}`, samples);
    }
    await read('shape', 'A square wave', await render('square', 200, 0.05 + Math.random() / 10));
    await read('shape', 'A tone that sounds for a tenth of the time', await render('sine', 1_000, 0.4, 0.01));
    await read('silence', 'Silence', new Float32Array(LENGTH), -Infinity);
    facts.isPlayed = true;
  },
  checks: [
    {
      id: 'tone',
      title: 'A tone of −20 dBFS reads −20 dBFS',
      hint: 'The RMS of this tone is 0.1, and its peak 0.14.',
      pass: ({ facts }) => judged(facts, 'tone', 'Between −21 and −19 dBFS.'),
    },
    {
      id: 'levels',
      title: 'So do tones of other levels',
      hint: 'The further off a level is, the more a wrong factor shows.',
      pass: ({ facts }) => judged(facts, 'levels', 'Each within 1 dB of what was put in.'),
    },
    {
      id: 'shape',
      title: 'And waves of other shapes',
      hint: 'Only the mean of the squares goes by the energy of a wave, whatever its shape.',
      pass: ({ facts }) => judged(facts, 'shape', 'The RMS, not the peak, and not the mean of the amounts.'),
    },
    {
      id: 'silence',
      title: 'Silence reads as silence',
      hint: 'What is 0 divided by 0, and what is the logarithm of 0?',
      pass({ facts }) {
        const reading = facts.readings.find(({ check }) => check === 'silence');
        const said = reading?.said;
        return {
          ok: typeof said === 'number' && said <= -100,
          saw: reading ? `The meter said ${shown(said)}.` : 'It was not read.',
          wanted: '−Infinity, or any number below −100.',
          final: facts.isPlayed,
        };
      },
    },
  ],
});

function judged(
  facts: { readings: readonly Reading[]; isPlayed: boolean },
  which: Reading['check'],
  wanted: string,
) {
  const readings = facts.readings.filter(({ check }) => check === which);
  const off = readings.find((reading) => !isNear(reading));
  const example = off ?? readings[0];
  return {
    ok: facts.isPlayed && readings.length > 0 && !off,
    saw: example
      ? `${example.what} (RMS ${shown(example.right)}): the meter said ${shown(example.said)}.`
      : 'It was not read.',
    wanted,
    final: facts.isPlayed,
  };
}
