import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Witness } from '../../lab-kit/exercise/witness.ts';
import { number, ofType, type Stat } from '../../rtc/stats/report.ts';

const ENOUGH = 5;
/** Half a second of 48 000 samples a second: more than a busy machine invents, less than an interruption takes. */
const LIMIT_SAMPLES = 24_000;
/** Without a packet for so long, there is a hole in the sound. Packets come every 20 ms. */
const HOLE_MS = 1_000;
const LOOK_MS = 100;
/** The sound is watched for so long before and after the picture comes. */
const WATCH_MS = 500;
/** How long the sound may take to come at the start. */
const SOUND_MS = 4_000;
/** How long the picture may take to come. */
const PICTURE_MS = 3_500;

interface Heard {
  readonly packets: number;
  readonly concealedSamples: number;
  readonly ssrc: number;
}

interface Facts {
  /** bob's sound when the picture was asked for. */
  before: Heard | undefined;
  /** bob's sound some time after it came. */
  after: Heard | undefined;
  sawPicture: boolean;
  /** The longest time for which no packet of sound came, while it was watched. */
  holeMs: number;
  /** When the picture was asked for, by the clock of the timeline. */
  askedMs: number | undefined;
}

async function heardBy(pc: RTCPeerConnection): Promise<Heard | undefined> {
  const last = (stat: Stat) => number(stat, 'lastPacketReceivedTimestamp') ?? 0;
  const [audio] = ofType(await pc.getStats(), 'inbound-rtp')
    .filter(({ kind }) => kind === 'audio')
    .toSorted((a, b) => last(b) - last(a));
  if (!audio) return undefined;
  return {
    packets: number(audio, 'packetsReceived') ?? 0,
    concealedSamples: number(audio, 'concealedSamples') ?? 0,
    ssrc: number(audio, 'ssrc') ?? 0,
  };
}

const isLate = ({ askedMs }: Facts, nowMs: number) => askedMs !== undefined && nowMs - askedMs > PICTURE_MS;

const seen = (witness: Witness<Facts>) => witness.frames('bob').filter(({ peer }) => peer === 'alice').length;

export default defineExercise<Facts>({
  kind: 'repair',
  title: 'From sound to picture',
  task: [
    'alice and bob talk. After a second, our half calls `addPicture()` at alice’s end: she wants to be seen, too. The track is added, and bob sees nothing.',
    'Repair both ends, which run the same `call()`: the picture arrives over the same connection, and the sound goes on meanwhile.',
  ],
  hints: [
    'Who tells bob about the second m-section? Look at the timeline: which event has fired at alice’s end, and who listens to it?',
    '`negotiationneeded` fires for the first track as well. If all offers are made there, nothing else has to be done for the second.',
    "`pc.addEventListener('negotiationneeded', () => void describe())` at the end that offers, in place of the one `describe()`.",
  ],
  limitMs: 9_000,
  facts: () => ({ before: undefined, after: undefined, sawPicture: false, holeMs: 0, askedMs: undefined }),
  async play({ bench, tools, facts, call, signal }) {
    await call('call', tools, 'bob', 'alice', false);
    await call('call', tools, 'alice', 'bob', true);
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const until = async (holds: () => boolean | Promise<boolean>) => {
      while (!signal.aborted && !(await holds())) await pause(50);
      signal.throwIfAborted();
    };
    const bob = () => bench.connections.get('bob');
    const hears = async () => {
      const pc = bob();
      return pc ? heardBy(pc) : undefined;
    };
    await until(async () => ((await hears())?.packets ?? 0) > 10 || bench.timeline.nowMs > SOUND_MS);
    await pause(WATCH_MS);
    facts.before = await hears();
    let packets = facts.before?.packets;
    let lastMs = bench.timeline.nowMs;
    const watch = setInterval(() => {
      void hears().then((heard) => {
        if (heard?.packets !== packets) lastMs = bench.timeline.nowMs;
        packets = heard?.packets;
        facts.holeMs = Math.max(facts.holeMs, bench.timeline.nowMs - lastMs);
      });
    }, LOOK_MS);
    signal.addEventListener('abort', () => clearInterval(watch), { once: true });
    facts.askedMs = bench.timeline.nowMs;
    await call('addPicture');
    await until(() => facts.sawPicture || isLate(facts, bench.timeline.nowMs));
    if (!facts.sawPicture) return;
    await pause(WATCH_MS);
    facts.after = await hears();
  },
  checks: [
    {
      id: 'picture',
      title: 'bob sees alice',
      hint: 'A track on a sender leaves only when both ends have agreed on its m-section.',
      pass(witness) {
        const frames = seen(witness);
        witness.facts.sawPicture ||= frames >= ENOUGH;
        return {
          ok: frames >= ENOUGH,
          final: isLate(witness.facts, witness.bench.timeline.nowMs),
          saw: `bob has seen ${frames} frames of alice’s picture.`,
          wanted: `${ENOUGH} frames.`,
        };
      },
    },
    {
      id: 'one',
      title: 'It is still the first connection',
      when: 'end',
      hint: 'The connection is there already, with a path and keys.',
      pass(witness) {
        const [alice, bob] = [witness.opened('alice'), witness.opened('bob')];
        return {
          ok: alice === 1 && bob === 1,
          saw: `alice has opened ${alice} connections, bob ${bob}.`,
          wanted: 'One each.',
        };
      },
    },
    {
      id: 'sound',
      title: 'The sound goes on',
      when: 'end',
      hint: 'What need not change must not be taken away: not even for a moment.',
      pass({ facts: { before, after, holeMs } }) {
        if (!before || !after)
          return {
            ok: false,
            saw: before ? 'The picture never came.' : 'bob heard nothing at all.',
            wanted: 'Sound before and after, in the same RTP stream.',
          };
        // Firefox counts from 0 again when the transceiver gets a new description.
        const restarted = after.concealedSamples < before.concealedSamples;
        const invented = after.concealedSamples - (restarted ? 0 : before.concealedSamples);
        const isSame = after.ssrc === before.ssrc;
        const ms = Math.round(invented / 48);
        const heard =
          holeMs < HOLE_MS
            ? `bob’s browser had to invent ${ms} ms of sound (\`concealedSamples\`).`
            : `For ${(holeMs / 1000).toFixed(1)} s no packet of sound came.`;
        return {
          ok: isSame && after.packets > 0 && invented < LIMIT_SAMPLES && holeMs < HOLE_MS,
          saw: isSame ? heard : 'The sound of before has ended; another RTP stream has taken its place.',
          wanted: `The same RTP stream without a hole, and less than ${LIMIT_SAMPLES / 48} ms invented.`,
        };
      },
    },
  ],
});
