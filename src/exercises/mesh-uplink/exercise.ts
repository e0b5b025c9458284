import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Tools } from '../../lab-kit/exercise/tools.ts';
import { openSyntheticMedia } from '../../rtc/media/synthetic.ts';
import { number, ofType } from '../../rtc/stats/report.ts';

/** What alice sends in a meeting of so many people, alice included. */
export interface Point {
  readonly people: number;
  readonly uplinkBps: number;
}

interface Facts {
  /** Of this very run. */
  readonly measured: Point[];
  /** What the function says of the meetings that were measured. */
  readonly said: number[];
  predicted: number | undefined;
  /** What alice then really sends to five others. */
  actual: number | undefined;
  /** Points that were made up, and what the function says of five people there. */
  made: { readonly perConnection: number; readonly said: number } | undefined;
  readonly most: { readonly limitBps: number; readonly right: number; readonly said: number }[];
  isOver: boolean;
}

const others = ['bob', 'carol', 'dave', 'erin', 'frank'] as const;
/** The rule is asked with exact points. A bitrate that was measured for a second scatters, more so on a busy machine. */
const EXACT = 0.01;
const SCATTER = 0.35;
/** So small that no machine is too slow for five encoders: then only the number of connections counts. */
const SMALL = { width: 160, height: 90, frameRate: 10 };
const WARM_UP_FRAMES = 8;
const MEASURE_MS = 1_200;

const kbits = (bps: number) => `${Math.round(bps / 1000)} kbit/s`;
const isNear = (said: number, right: number, tolerance: number) =>
  Math.abs(said - right) <= right * tolerance;

/** Connects alice with one more person, and gives the same picture to each, as a mesh does. */
async function connect(tools: Tools, other: string, picture: MediaStreamTrack): Promise<RTCRtpSender> {
  const [alice, theirs] = [tools.createPeer(`alice-${other}`), tools.createPeer(`${other}-alice`)];
  alice.addEventListener(
    'icecandidate',
    ({ candidate }) => void theirs.addIceCandidate(candidate ?? undefined),
  );
  theirs.addEventListener(
    'icecandidate',
    ({ candidate }) => void alice.addIceCandidate(candidate ?? undefined),
  );
  const { sender } = alice.addTransceiver(picture, { direction: 'sendonly' });
  await alice.setLocalDescription();
  await theirs.setRemoteDescription(alice.localDescription!);
  await theirs.setLocalDescription();
  await alice.setRemoteDescription(theirs.localDescription!);
  return sender;
}

async function counted(sender: RTCRtpSender) {
  const [stat] = ofType(await sender.getStats(), 'outbound-rtp');
  return {
    frames: number(stat, 'framesSent') ?? number(stat, 'framesEncoded') ?? 0,
    // Chromium looks for the line's capacity by sending packets twice: not part of the picture.
    bytes: (number(stat, 'bytesSent') ?? 0) - (number(stat, 'retransmittedBytesSent') ?? 0),
    atMs: stat?.timestamp ?? 0,
  };
}

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** What all senders send together, in bit/s, once each of them does. */
async function measure(senders: readonly RTCRtpSender[], signal: AbortSignal): Promise<number> {
  while ((await Promise.all(senders.map(counted))).some(({ frames }) => frames < WARM_UP_FRAMES)) {
    signal.throwIfAborted();
    await after(50);
  }
  const before = await Promise.all(senders.map(counted));
  await after(MEASURE_MS);
  const now = await Promise.all(senders.map(counted));
  return now.reduce((sum, { bytes, atMs }, index) => {
    const then = before[index]!;
    return sum + ((bytes - then.bytes) * 8000) / (atMs - then.atMs);
  }, 0);
}

const knowsRule = ({ made }: Facts) => made !== undefined && isNear(made.said, made.perConnection * 4, EXACT);
const wrongLimit = ({ most }: Facts) => most.find(({ right, said }) => right !== said);
const fits = ({ said, measured }: Facts) =>
  said.length === 2 && measured.every(({ uplinkBps }, at) => isNear(said[at]!, uplinkBps, SCATTER));

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'What will you send to five others?',
  task: [
    'alice meets bob, then carol comes, too, and both times it is measured what alice sends. Write `uplinkBps()`: from these two points, what she will send in a full mesh of so many people. And write `mostPeople()`: how many people, alice included, can meet when nobody may send more than a given limit.',
    'First you are asked with points that are made up. Then the real ones are measured in this browser, and three more people come: does your number hold? The picture is tiny, so that no machine is too slow for it; with a large one the rule is the same.',
  ],
  hints: [
    'Divide each point by the right number, and look whether the two results agree.',
    'alice does not send to herself: with three people she sends twice.',
    'One connection costs `uplinkBps / (people - 1)`. A limit carries `Math.floor(limit / one)` connections, and so many people and one more.',
  ],
  peers: ['alice-bob', 'bob-alice', 'alice-carol', 'carol-alice'],
  limitMs: 20_000,
  facts: () => ({
    measured: [],
    said: [],
    predicted: undefined,
    actual: undefined,
    made: undefined,
    most: [],
    isOver: false,
  }),
  async play({ tools, facts, call, signal }) {
    const ask = async (name: 'uplinkBps' | 'mostPeople', value: number, points: readonly Point[]) =>
      Number(await call(name, value, structuredClone(points)));
    const perConnection = 300_000 + Math.floor(Math.random() * 500_000);
    const made = [2, 3].map((people) => ({ people, uplinkBps: (people - 1) * perConnection }));
    facts.made = { perConnection, said: await ask('uplinkBps', 5, made) };
    for (const connections of [0, 1, 4]) {
      const limitBps = (connections + 0.5) * perConnection;
      facts.most.push({ limitBps, right: connections + 1, said: await ask('mostPeople', limitBps, made) });
    }
    if (!knowsRule(facts) || wrongLimit(facts)) return void (facts.isOver = true);

    const { stream } = openSyntheticMedia({ peer: 'alice', signal, audio: false, video: SMALL });
    const [picture] = stream.getVideoTracks();
    if (!picture) return;
    const senders: RTCRtpSender[] = [];
    const growTo = async (people: number) => {
      for (const other of others.slice(senders.length, people - 1))
        senders.push(await connect(tools, other, picture));
    };
    for (const people of [2, 3]) {
      await growTo(people);
      facts.measured.push({ people, uplinkBps: await measure(senders, signal) });
    }
    for (const { people } of facts.measured) facts.said.push(await ask('uplinkBps', people, facts.measured));
    facts.predicted = await ask('uplinkBps', 6, facts.measured);
    if (fits(facts)) {
      await growTo(6);
      facts.actual = await measure(senders, signal);
    }
    facts.isOver = true;
  },
  checks: [
    {
      id: 'rule',
      title: 'It believes the points that it gets',
      hint: 'How many connections has alice with two people, with three, with five? Take the bitrate of one of them out of `measured`.',
      pass: ({ facts }) => ({
        ok: knowsRule(facts),
        final: facts.made !== undefined,
        saw: facts.made
          ? `With ${kbits(facts.made.perConnection)} to bob alone, and twice as much to bob and carol, it says ${kbits(facts.made.said)} for five people.`
          : 'It was not asked yet.',
        wanted: `${facts.made ? kbits(facts.made.perConnection * 4) : 'Four times as much as one connection'}.`,
      }),
    },
    {
      id: 'most',
      title: 'It knows how many people a limit carries',
      hint: 'Whole connections only, and alice herself needs none.',
      pass: ({ facts }) => {
        const wrong = wrongLimit(facts);
        const isAsked = facts.most.length === 3;
        return {
          ok: isAsked && !wrong,
          final: isAsked,
          saw: wrong
            ? `For a limit of ${kbits(wrong.limitBps)} \`mostPeople()\` says ${wrong.said}.`
            : `${facts.most.length} limits were right.`,
          wanted: wrong ? `${wrong.right}.` : 'Three limits.',
        };
      },
    },
    {
      id: 'fits',
      title: 'It fits what was measured',
      hint: 'How many connections does alice have with two people, and how many with three?',
      pass: ({ facts }) => ({
        ok: fits(facts),
        final: facts.isOver || facts.said.length === 2,
        saw:
          facts.said.length < 2
            ? `Measured so far: ${facts.measured.map(({ people, uplinkBps }) => `${people} people, ${kbits(uplinkBps)}`).join('; ') || 'nothing'}.`
            : facts.measured
                .map(
                  ({ people, uplinkBps }, at) =>
                    `${people} people: measured ${kbits(uplinkBps)}, \`uplinkBps()\` says ${kbits(facts.said[at]!)}.`,
                )
                .join(' '),
        wanted: 'Both within a third.',
      }),
    },
    {
      id: 'six',
      title: 'It foretells what alice sends to five others',
      hint: 'A curve can pass two points and still go elsewhere. What does each further person add?',
      pass: ({ facts: { predicted, actual, isOver } }) => ({
        ok: predicted !== undefined && actual !== undefined && isNear(predicted, actual, SCATTER),
        final: isOver,
        saw:
          predicted === undefined
            ? 'Nothing was predicted yet.'
            : actual === undefined
              ? `Predicted: ${kbits(predicted)}. Nobody else was called, as it does not fit the first two.`
              : `Predicted: ${kbits(predicted)}. Measured with six people: ${kbits(actual)}.`,
        wanted: 'Within a third of what was measured: a second of measuring scatters.',
      }),
    },
  ],
});
