import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Tools } from '../../lab-kit/exercise/tools.ts';

const people = ['alice', 'bob', 'carol'] as const;
type Person = (typeof people)[number];

/** How far from its tone a bin may lie, Hz. */
const NEAR_HZ = 20;
/** What is fainter is not heard, dB: a hundred times weaker than what is sent. */
const FAINT_DB = -70;
const MIX_LIMIT_MS = 3_000;
const EARS_LIMIT_MS = 5_000;
const LOOK_MS = 100;

interface Facts {
  /** What each of them sounds, another one each time. */
  readonly tonesHz: Readonly<Record<Person, number>>;
  /** How loud each voice is, dB: at whom, and whose. */
  readonly levels: Map<Person, ReadonlyMap<Person, number>>;
  /** Of how many people a stream with a sound has come back from `mixMinus()`. */
  outputs: number | undefined;
  /** Whether the levels are those at the ends of the connections; before, those of the mix itself. */
  isSent: boolean;
  isJudged: boolean;
}

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Sends a stream from one name to another; gives what arrives. */
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
    receiver.addEventListener('track', ({ streams: [remote] }) => remote && resolve(remote)),
  );
  for (const track of stream.getAudioTracks().slice(0, 1)) sender.addTrack(track, stream);
  await sender.setLocalDescription();
  await receiver.setRemoteDescription(sender.localDescription!);
  await receiver.setLocalDescription();
  await sender.setRemoteDescription(receiver.localDescription!);
  return arrived;
}

const levelAt = ({ levels }: Facts, listener: Person, voice: Person): number =>
  levels.get(listener)?.get(voice) ?? -Infinity;
const isHeard = (facts: Facts, listener: Person, voice: Person) => levelAt(facts, listener, voice) > FAINT_DB;
const othersOf = (person: Person) => people.filter((other) => other !== person);
const isRight = (facts: Facts, person: Person): boolean =>
  !isHeard(facts, person, person) && othersOf(person).every((other) => isHeard(facts, person, other));

/** Listens to all streams until each holds what it should, or the time is over. */
async function listen(
  facts: Facts,
  context: AudioContext,
  streams: ReadonlyMap<Person, MediaStream>,
  limitMs: number,
): Promise<void> {
  const ears = [...streams].map(([person, stream]) => {
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0.3 });
    context.createMediaStreamSource(stream).connect(analyser);
    return [person, analyser] as const;
  });
  const spectrum = new Float32Array(4096);
  const untilMs = performance.now() + limitMs;
  do {
    await after(LOOK_MS);
    for (const [person, analyser] of ears) {
      analyser.getFloatFrequencyData(spectrum);
      const binHz = context.sampleRate / analyser.fftSize;
      const loudness = people.map((voice) => {
        const [first, last] = [facts.tonesHz[voice] - NEAR_HZ, facts.tonesHz[voice] + NEAR_HZ];
        return [
          voice,
          Math.max(...spectrum.slice(Math.ceil(first / binHz), Math.ceil(last / binHz))),
        ] as const;
      });
      facts.levels.set(person, new Map(loudness));
    }
  } while (!people.every((person) => isRight(facts, person)) && performance.now() < untilMs);
}

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'Mix, minus one',
  task: [
    'You are the mixer. alice, bob and carol are singing, each over a connection of their own to you. Everybody is to hear the others, and nobody their own voice: it would come back late, as an echo.',
    'Write `mixMinus()`. It gets a running `AudioContext` and a `Map` from each name to the stream that came from there. It returns a `Map` from each name to the stream that is to be sent there, with one audio track. We send them over real connections, and look at the spectrum at each end.',
  ],
  hints: [
    'How many different sums are needed for three people?',
    'One `createMediaStreamDestination()` for each listener, and one `createMediaStreamSource()` for each voice. What is connected to the same destination is added up.',
    'Two loops, one in the other: for each voice and each listener, `if (voice !== listener) source.connect(output)`. And in Chromium a muted `Audio` must play each received stream.',
  ],
  // Firefox runs no audio graph on a computer without a sound device, and machines that run tests have none.
  firefox: false,
  limitMs: 12_000,
  facts: () => {
    const near = (hz: number) => hz + Math.round(Math.random() * 120);
    return {
      tonesHz: { alice: near(380), bob: near(600), carol: near(870) },
      levels: new Map(),
      outputs: undefined,
      isSent: false,
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
    const arrived = await Promise.all(
      people.map(async (person) => {
        const stream = sing(facts.tonesHz[person]);
        return [person, await send(tools, person, `mixer-${person}`, stream)] as const;
      }),
    );
    const returned = (await call('mixMinus', context, new Map(arrived))) as
      Partial<Map<string, MediaStream>> | undefined;
    const outputs = new Map<Person, MediaStream>();
    for (const person of people) {
      const stream = typeof returned?.get === 'function' ? returned.get(person) : undefined;
      if (stream && stream.getAudioTracks().length === 1) outputs.set(person, stream);
    }
    facts.outputs = outputs.size;
    // First the mixes themselves: a received stream that plays anywhere in a page wakes the others in Chromium.
    if (outputs.size === people.length) await listen(facts, context, outputs, MIX_LIMIT_MS);
    if (!people.every((person) => isRight(facts, person))) return void (facts.isJudged = true);
    const ends = new Map<Person, MediaStream>();
    for (const [person, stream] of outputs) {
      const end = await send(tools, `mixer-to-${person}`, `${person}-ears`, stream);
      const element: HTMLAudioElement = Object.assign(new Audio(), { muted: true, srcObject: end });
      element.play().catch(() => {});
      signal.addEventListener('abort', () => (element.srcObject = null), { once: true });
      ends.set(person, end);
    }
    facts.levels.clear();
    facts.isSent = true;
    await listen(facts, context, ends, EARS_LIMIT_MS);
    facts.isJudged = true;
  },
  checks: [
    {
      id: 'outputs',
      title: 'There is one track for each of them',
      hint: 'A `Map` with three entries, and in each stream one audio track.',
      pass: ({ facts: { outputs } }) => ({
        ok: outputs === people.length,
        final: outputs !== undefined,
        saw:
          outputs === undefined
            ? '`mixMinus()` has not returned yet.'
            : `\`mixMinus()\` returned a stream with one audio track for ${outputs} of 3 people.`,
        wanted: 'One for alice, one for bob, one for carol.',
      }),
    },
    ...people.map((person) => ({
      id: person,
      title: `${person} hears the two others, and not ${person}`,
      hint: 'Which voices are connected to the output for this one? And does an element play what was received?',
      pass({ facts }: { readonly facts: Facts }) {
        const heard = people.filter((voice) => isHeard(facts, person, voice));
        return {
          ok: facts.isSent && isRight(facts, person),
          final: facts.isJudged,
          saw: `In the spectrum ${facts.isSent ? `at ${person}’s end` : `of the mix for ${person}`}: ${heard.length === 0 ? 'nothing' : heard.map((voice) => `${voice} (${facts.tonesHz[voice]} Hz, ${levelAt(facts, person, voice).toFixed(0)} dB)`).join(', ')}.`,
          wanted: `${othersOf(person).join(' and ')}, without ${person}.`,
        };
      },
    })),
  ],
});
