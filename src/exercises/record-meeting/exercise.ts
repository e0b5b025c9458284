import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Tools } from '../../lab-kit/exercise/tools.ts';
import { examineFile, type Cell, type Examined } from '../../rtc/media/examine-file.ts';
import { clockNow } from '../../rtc/media/frame-code.ts';
import { toneDb } from '../../rtc/media/goertzel.ts';
import { toneOf } from '../../rtc/media/tone.ts';

const people = ['alice', 'bob', 'carol'] as const;
type Person = (typeof people)[number];

const RECORD_MS = 3_000;
const WIDTH = 960;
const HEIGHT = 180;
/** What is fainter than this is not heard, dBFS; a voice is sent at −20. */
const FAINT_DB = -50;
/** So many different frames of each, over so much of the time: playing drops frames at its ends. */
const LEAST_FRAMES = 8;
const SPAN_SEC = 1.5;

interface Facts {
  /** Between these it was recorded, by the clock that is drawn into the pictures. */
  beganMs: number;
  endedMs: number;
  sizeBytes: number | undefined;
  file: Examined | undefined;
  problem: string;
  isJudged: boolean;
}

/** The tiles from left to right. */
const cells = people.map((_, index): Cell => ({ x: index / 3, y: 0, width: 1 / 3, height: 1 }));

async function send(
  { createPeer }: Tools,
  from: string,
  to: string,
  stream: MediaStream,
): Promise<MediaStream> {
  const [sender, receiver] = [createPeer(from), createPeer(to)];
  for (const [one, other] of [
    [sender, receiver],
    [receiver, sender],
  ] as const)
    one.addEventListener(
      'icecandidate',
      ({ candidate }) => void other.addIceCandidate(candidate ?? undefined),
    );
  const arrived = new Promise<MediaStream>((resolve) =>
    receiver.addEventListener('track', ({ streams: [remote] }) => {
      if (remote?.getTracks().length === 2) resolve(remote);
    }),
  );
  for (const track of stream.getTracks()) sender.addTrack(track, stream);
  await sender.setLocalDescription();
  await receiver.setRemoteDescription(sender.localDescription!);
  await receiver.setLocalDescription();
  await sender.setRemoteDescription(receiver.localDescription!);
  const isThere = () => receiver.connectionState === 'connected';
  if (!isThere())
    await new Promise<void>((resolve) =>
      receiver.addEventListener('connectionstatechange', () => isThere() && resolve()),
    );
  return arrived;
}

const voiceDb = ({ file }: Facts, person: Person): number =>
  file?.sound ? toneDb(file.sound.samples, file.sound.rateHz, toneOf(person)) : -Infinity;

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'A meeting in one file',
  task: [
    'You are alice. bob and carol are in the call, and the meeting is to be kept. Write `recordMeeting()`: it gets a running `AudioContext`, the streams of all three in order (alice’s own, and what came from bob and carol), and a time in milliseconds. It returns a promise of one `Blob`.',
    `The picture: a canvas of ${WIDTH} × ${HEIGHT}, the three side by side in their order, 320 × 180 each. The sound: all three in one track. We play the file, read the counter in each tile, and look for three tones.`,
  ],
  hints: [
    'A recorder keeps one video and one audio track. What makes one picture of three, and one sound of three?',
    'Draw three playing `<video>` elements to a canvas again and again, and take `captureStream()`. Connect three `createMediaStreamSource()` to one `createMediaStreamDestination()`. Give both tracks to a `MediaRecorder`.',
    'const stream = new MediaStream([...canvas.captureStream(15).getVideoTracks(), ...mix.stream.getAudioTracks()]); draw with setInterval, and stop the interval when the recorder has stopped.',
  ],
  // Firefox runs no audio graph on a computer without a sound device, and machines that run tests have none.
  firefox: false,
  limitMs: 20_000,
  facts: () => ({
    beganMs: 0,
    endedMs: 0,
    sizeBytes: undefined,
    file: undefined,
    problem: '',
    isJudged: false,
  }),
  async play({ tools, facts, call, signal }) {
    const context = new AudioContext();
    signal.addEventListener('abort', () => void context.close(), { once: true });
    const own = await tools.media('alice');
    const received = await Promise.all(
      (['bob', 'carol'] as const).map(async (name) =>
        send(tools, name, `alice-${name}`, await tools.media(name)),
      ),
    );
    facts.beganMs = clockNow();
    try {
      const file = (await call('recordMeeting', context, [own, ...received], RECORD_MS)) as Blob | undefined;
      facts.endedMs = clockNow();
      facts.sizeBytes = file?.size ?? 0;
      if (file && facts.sizeBytes > 0) facts.file = await examineFile(file, cells, signal);
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
      title: 'One file comes back that plays',
      hint: 'The promise resolves after `stop` has fired, with all pieces.',
      pass({ facts: { sizeBytes, file, problem, isJudged } }) {
        const size = file ? `${file.width} × ${file.height} pixels, ${file.durationSec.toFixed(1)} s` : '';
        const isLong = file !== undefined && file.durationSec > (RECORD_MS / 1000) * 0.7;
        return {
          ok: isLong && file.width === WIDTH && file.height === HEIGHT,
          final: isJudged,
          saw: file
            ? `A file of ${size}.`
            : sizeBytes === undefined
              ? `No \`Blob\`${problem ? `: ${problem}` : ''}.`
              : `A \`Blob\` of ${sizeBytes} bytes that cannot be played${problem ? `: ${problem}` : ''}.`,
          wanted: `A file of ${WIDTH} × ${HEIGHT} pixels, ${RECORD_MS / 1000} s.`,
        };
      },
    },
    ...people.map((person, index) => ({
      id: `picture-${person}`,
      title: `${person} is to be seen, and moves`,
      hint: 'Is a video element playing this stream while you draw?',
      pass({ facts }: { readonly facts: Facts }) {
        const codes = (facts.file?.codes[index] ?? []).filter(
          ({ peer, clockMs }) =>
            person.startsWith(peer) && clockMs >= facts.beganMs - 2_000 && clockMs <= facts.endedMs,
        );
        const spanSec = ((codes.at(-1)?.clockMs ?? 0) - (codes[0]?.clockMs ?? 0)) / 1000;
        return {
          ok: codes.length >= LEAST_FRAMES && spanSec >= SPAN_SEC,
          final: facts.isJudged,
          saw: `In tile ${index + 1} ${codes.length} different frames of ${person}’s were read, over ${spanSec.toFixed(1)} s.`,
          wanted: `${LEAST_FRAMES} or more, over ${SPAN_SEC} s or more.`,
        };
      },
    })),
    {
      id: 'voices',
      title: 'All three are to be heard',
      hint: 'One destination, three sources; and received streams need an element that plays.',
      pass({ facts }) {
        const heard = people.filter((person) => voiceDb(facts, person) > FAINT_DB);
        return {
          ok: heard.length === people.length,
          final: facts.isJudged,
          saw: facts.file?.sound
            ? `In its sound: ${heard.length === 0 ? 'nobody' : heard.join(', ')}.`
            : 'It has no sound.',
          wanted: 'The tones of alice, bob and carol.',
        };
      },
    },
  ],
});
