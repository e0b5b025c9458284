import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Tools } from '../../lab-kit/exercise/tools.ts';
import { tonesIn } from '../../rtc/media/levels.ts';

/** How far a tone may seem off, Hz: two bins of the spectrum. */
const NEAR_HZ = 25;
/** What is fainter is not called heard, dB. */
const FAINT_DB = -70;
const MIX_LIMIT_MS = 2_500;
const DAVE_LIMIT_MS = 4_000;
/** How unequal the two may be, dB: half of the amplitude. */
const BALANCE_DB = 6;

interface Facts {
  /** What alice and bob sound, another one each time. */
  readonly sentHz: readonly [number, number];
  /** How loud each is now, dB. */
  readonly heardDb: [number, number];
  tracks: number | undefined;
  /** Whether the levels are those at dave's end; before that, those of the mix itself. */
  isAtDave: boolean;
  isJudged: boolean;
}

/** Connects two peers of this page, candidates and all. */
async function connect(from: RTCPeerConnection, to: RTCPeerConnection): Promise<void> {
  for (const [one, other] of [
    [from, to],
    [to, from],
  ] as const)
    one.addEventListener(
      'icecandidate',
      ({ candidate }) => void other.addIceCandidate(candidate ?? undefined),
    );
  await from.setLocalDescription();
  if (from.localDescription) await to.setRemoteDescription(from.localDescription);
  await to.setLocalDescription();
  if (to.localDescription) await from.setRemoteDescription(to.localDescription);
}

/** Sends a stream from one name to another; gives what arrives. */
async function send(
  { createPeer }: Tools,
  from: string,
  to: string,
  stream: MediaStream,
): Promise<MediaStream> {
  const sender = createPeer(from);
  const receiver = createPeer(to);
  const arrived = new Promise<MediaStream>((resolve) =>
    receiver.addEventListener('track', ({ streams: [remote] }) => remote && resolve(remote)),
  );
  for (const track of stream.getAudioTracks().slice(0, 1)) sender.addTrack(track, stream);
  await connect(sender, receiver);
  return arrived;
}

const isAudible = ({ heardDb }: Facts) => heardDb.every((db) => db > FAINT_DB);
const apartDb = ({ heardDb: [low, high] }: Facts) => Math.abs(low - high);

/** Looks at a stream's spectrum until both tones are in it and equally loud, or the time is over. */
async function heard(
  facts: Facts,
  context: AudioContext,
  stream: MediaStream,
  limitMs: number,
): Promise<void> {
  const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0.3 });
  context.createMediaStreamSource(stream).connect(analyser);
  const levels = new Float32Array(analyser.frequencyBinCount);
  const untilMs = performance.now() + limitMs;
  do {
    await new Promise((resolve) => setTimeout(resolve, 100));
    analyser.getFloatFrequencyData(levels);
    const tones = tonesIn(levels, context.sampleRate, 6);
    for (const index of [0, 1] as const) {
      const tone = tones.find(({ frequencyHz }) => Math.abs(frequencyHz - facts.sentHz[index]) <= NEAR_HZ);
      facts.heardDb[index] = tone?.levelDb ?? -Infinity;
    }
  } while (!(isAudible(facts) && apartDb(facts) <= BALANCE_DB) && performance.now() < untilMs);
}

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'Mix two remote streams',
  task: [
    'You are carol. alice and bob have each called you, over a connection of their own, and both are singing. dave shall hear them both over one audio track.',
    'Write `mix()`: it gets a running `AudioContext` and the two remote streams, and returns a stream with one audio track in which both are heard. We send that track to dave and look at the spectrum at his end.',
  ],
  hints: [
    'Each stream becomes a node with `createMediaStreamSource()`, and one node becomes a stream with `createMediaStreamDestination()`.',
    'What is connected to the same input is added up. And if dave hears nothing at all in Chromium: what else must happen with a remote stream there?',
    'For each remote: `context.createMediaStreamSource(remote).connect(destination)`, and `const element = new Audio(); element.muted = true; element.srcObject = remote; void element.play();`. Return `destination.stream`.',
  ],
  // Firefox runs no audio graph on a computer without a sound device, and machines that run tests have none.
  firefox: false,
  limitMs: 8_000,
  facts: () => {
    const low = 350 + Math.round(Math.random() * 250);
    const high = 900 + Math.round(Math.random() * 700);
    return {
      sentHz: [low, high],
      heardDb: [-Infinity, -Infinity],
      tracks: undefined,
      isAtDave: false,
      isJudged: false,
    };
  },
  async play({ tools, facts, call, signal }) {
    const context = new AudioContext();
    signal.addEventListener('abort', () => void context.close(), { once: true });
    const sing = (frequency: number) => {
      const destination = context.createMediaStreamDestination();
      const voice = new OscillatorNode(context, { frequency });
      voice.connect(new GainNode(context, { gain: 0.2 })).connect(destination);
      voice.start();
      return destination.stream;
    };
    const [low, high] = facts.sentHz;
    const remotes = await Promise.all([
      send(tools, 'alice', 'carol', sing(low)),
      send(tools, 'bob', 'carol', sing(high)),
    ]);
    const mixed = await call('mix', context, remotes);
    // Of the frame's own realm: `instanceof` would say no.
    const stream = mixed as Partial<MediaStream> | undefined;
    facts.tracks = stream?.getAudioTracks?.().length ?? 0;
    if (facts.tracks === 0) return void (facts.isJudged = true);
    // First the mix itself: a remote stream that plays anywhere in a page wakes the others in Chromium, and dave's does.
    await heard(facts, context, stream as MediaStream, MIX_LIMIT_MS);
    if (!isAudible(facts)) return void (facts.isJudged = true);
    const atDave = await send(tools, 'carol', 'dave', stream as MediaStream);
    const element = new Audio();
    element.muted = true;
    element.srcObject = atDave;
    element.play().catch(() => {});
    signal.addEventListener('abort', () => (element.srcObject = null), { once: true });
    facts.isAtDave = true;
    await heard(facts, context, atDave, DAVE_LIMIT_MS);
    facts.isJudged = true;
  },
  checks: [
    {
      id: 'track',
      title: 'One audio track is returned',
      hint: 'A stream with two tracks is not a mix: a sender carries one.',
      pass: ({ facts }) => ({
        ok: facts.tracks === 1,
        saw:
          facts.tracks === undefined
            ? '`mix()` has not returned yet.'
            : `\`mix()\` returned ${facts.tracks === 0 ? 'nothing that has an audio track' : `a stream with ${facts.tracks} audio tracks`}.`,
        wanted: 'A `MediaStream` with one audio track.',
        final: facts.isJudged || (facts.tracks ?? 1) !== 1,
      }),
    },
    ...(['alice', 'bob'] as const).map((name, index) => ({
      id: name,
      title: `dave hears ${name}`,
      hint: 'Look at the chain of this stream: source, something in between, destination; and does an element play it?',
      pass: ({ facts }: { readonly facts: Facts }) => {
        const level = facts.heardDb[index] ?? -Infinity;
        const hz = facts.sentHz[index] ?? 0;
        return {
          ok: facts.isAtDave && level > FAINT_DB,
          saw: `In the spectrum ${facts.isAtDave ? 'at dave’s end' : 'of the mix'} there is ${level === -Infinity ? 'nothing' : `a tone of ${level.toFixed(0)} dB`} at ${hz} Hz.`,
          wanted: `${name}’s tone, ${hz} Hz.`,
          final: facts.isJudged,
        };
      },
    })),
    {
      id: 'balance',
      title: 'Neither drowns the other',
      hint: 'Both were sent equally loud.',
      pass({ facts }) {
        const apart = apartDb(facts);
        return {
          ok: facts.isAtDave && apart <= BALANCE_DB,
          saw: Number.isFinite(apart) ? `They are ${apart.toFixed(1)} dB apart.` : 'Not both are heard.',
          wanted: `At most ${BALANCE_DB} dB.`,
          final: facts.isJudged,
        };
      },
    },
  ],
});
