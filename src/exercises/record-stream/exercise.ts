import { defineExercise } from '../../lab-kit/exercise/define.ts';
import { clockNow, readFrameCode, type FrameCode } from '../../rtc/media/frame-code.ts';
import { durationOf, hasSound } from '../../rtc/media/recorded.ts';

const WANTED_SEC = 3;
/** How far the file may be off, seconds. */
const OFF_SEC = 0.3;
/** So much of the time must be seen to go by in the picture, seconds: playing drops frames at its ends. */
const SPAN_SEC = 2;
const LEAST_FRAMES = 15;
/** The file is played twice as fast as it was recorded, and looked at this often. */
const PLAYBACK_RATE = 2;
const LOOK_MS = 40;
const PLAY_LIMIT_MS = 5_000;

interface Facts {
  /** Between these the recording took place, by the clock that is drawn into the picture. */
  beganMs: number;
  endedMs: number;
  sizeBytes: number | undefined;
  type: string;
  durationSec: number | undefined;
  sound: boolean;
  /** What the pixels of its pictures say, in the order of playing. */
  frames: FrameCode[];
  problem: string;
  isJudged: boolean;
}

/** Whether a picture was drawn while the recording went on. */
const isOfNow = ({ beganMs, endedMs }: Facts, { clockMs, peer }: FrameCode) =>
  peer === 'alice' && clockMs >= beganMs - 1_000 && clockMs <= endedMs;

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'Three seconds of a stream',
  task: [
    'Write `record()`. It gets a stream with a picture and a tone, and a time in milliseconds, here 3000. It returns a promise of a `Blob`: the recording of that time, which a video element can play, with both tracks.',
    'The file is measured and played, at twice its speed, and the frame counter is read from its pixels.',
  ],
  hints: [
    'A `MediaRecorder` hands over its data in events. Which event says that there will be no more of them?',
    'Keep each `data` of `dataavailable` in an array. After `stop()` the last one is still to come; only then fires `stop`.',
    '`recorder.start()`, wait until `start` has fired and then the time, `recorder.stop()`, wait for `stop`, and return `new Blob(chunks, { type: recorder.mimeType })`.',
  ],
  limitMs: 12_000,
  facts: () => ({
    beganMs: 0,
    endedMs: 0,
    sizeBytes: undefined,
    type: '',
    durationSec: undefined,
    sound: false,
    frames: [],
    problem: '',
    isJudged: false,
  }),
  async play({ tools, facts, call, signal }) {
    const stream = await tools.media('alice');
    facts.beganMs = clockNow();
    try {
      const file = (await call('record', stream, WANTED_SEC * 1000)) as Blob | undefined;
      facts.endedMs = clockNow();
      // A blob of the frame's own realm: `instanceof` would say no, this says so by itself.
      const url = URL.createObjectURL(file as Blob);
      facts.sizeBytes = file?.size;
      facts.type = file?.type ?? '';
      signal.addEventListener('abort', () => URL.revokeObjectURL(url), { once: true });
      if (facts.sizeBytes) await examine(url, facts);
    } catch (error) {
      facts.problem = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      facts.isJudged = true;
    }
  },
  checks: [
    {
      id: 'file',
      title: 'A file comes back that plays',
      hint: 'When is the last piece there, and which piece holds the head of the file?',
      pass: ({ facts: { sizeBytes, type, durationSec, problem, isJudged } }) => {
        const ok = durationSec !== undefined;
        const file =
          sizeBytes === undefined
            ? 'No `Blob`'
            : `A \`Blob\` of ${sizeBytes} bytes, \`${type || 'without a type'}\``;
        return {
          ok,
          saw: `${file}${ok || !isJudged ? '' : `, and it cannot be played${problem ? `: ${problem}` : ''}`}.`,
          wanted: 'A `Blob` that a video element plays.',
          final: isJudged,
        };
      },
    },
    {
      id: 'duration',
      title: 'It is three seconds long',
      hint: 'The time counts from the moment when the recorder has started.',
      pass: ({ facts: { durationSec, isJudged } }) => ({
        ok: durationSec !== undefined && Math.abs(durationSec - WANTED_SEC) <= OFF_SEC,
        saw:
          durationSec === undefined
            ? 'There is nothing to measure.'
            : `Sought to its end, it is ${durationSec.toFixed(2)} s long.`,
        wanted: `${WANTED_SEC} s, at most ${OFF_SEC} s more or less.`,
        final: isJudged,
      }),
    },
    {
      id: 'picture',
      title: 'Its picture is that of this stream, at this time',
      hint: 'Record the stream that was handed over, while it is handed over.',
      pass({ facts }) {
        const { frames } = facts;
        const own = frames.filter((code) => isOfNow(facts, code));
        const numbers = new Set(own.map(({ frame }) => frame)).size;
        const spanSec = ((own.at(-1)?.clockMs ?? 0) - (own[0]?.clockMs ?? 0)) / 1000;
        const others = frames.length - own.length;
        const story =
          frames.length === 0
            ? 'No counter could be read from its pixels.'
            : `${numbers} different frames of alice’s were seen, ${spanSec.toFixed(1)} s from the first to the last${others > 0 ? `, and ${others} of another time or of somebody else` : ''}.`;
        return {
          ok: numbers >= LEAST_FRAMES && spanSec >= SPAN_SEC && others === 0,
          saw: facts.durationSec === undefined ? 'There is nothing to look at.' : story,
          wanted: `${LEAST_FRAMES} different ones at least, over ${SPAN_SEC} s or more, drawn during this attempt.`,
          final: facts.isJudged,
        };
      },
    },
    {
      id: 'sound',
      title: 'It has sound, too',
      hint: 'How many tracks did the recorder get?',
      pass: ({ facts: { sound, sizeBytes, isJudged } }) => ({
        ok: sound,
        saw: sound ? 'It has sound.' : sizeBytes ? 'It has no sound.' : 'There is nothing to listen to.',
        wanted: 'Both tracks of the stream.',
        final: isJudged,
      }),
    },
  ],
});

/** Plays the file without showing it: its length, its sound, its pictures. */
async function examine(url: string, facts: Facts): Promise<void> {
  const video = document.createElement('video');
  Object.assign(video, { muted: true, playsInline: true, preload: 'auto', src: url });
  try {
    const { found } = await durationOf(video);
    video.playbackRate = PLAYBACK_RATE;
    await video.play();
    const untilMs = performance.now() + PLAY_LIMIT_MS;
    while (!video.ended && performance.now() < untilMs) {
      const code = readFrameCode(video);
      if (code && code.frame !== facts.frames.at(-1)?.frame) facts.frames.push(code);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    facts.sound = hasSound(video);
    facts.durationSec = found;
  } finally {
    video.removeAttribute('src');
    video.load();
  }
}
