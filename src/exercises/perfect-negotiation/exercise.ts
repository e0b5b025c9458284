import { defineExercise, type Play } from '../../lab-kit/exercise/define.ts';
import type { Witness } from '../../lab-kit/exercise/witness.ts';
import { playPair, type Failure, type Outcome } from './pairs.ts';
export type { Half } from './pairs.ts';

/** Interleavings to be played, and how many of them at a time. */
const PAIRS = 30;
const AT_A_TIME = 5;
/** As in the pairs: a call that has no candidate after so long gets an ICE restart. Milliseconds. */
const NO_CANDIDATES_MS = 1_200;

interface Facts {
  readonly outcomes: Outcome[];
  /** All pairs have been played, or one has failed. */
  isOver: boolean;
}

type Seen = Witness<Facts>;

const failed = ({ facts }: Seen) => facts.outcomes.find(({ failure }) => failure !== undefined);
const isWhole = ({ facts }: Seen) => facts.outcomes.length === PAIRS;

/** What a check about all pairs says: the failure of its kind, or how far it came. */
function aboutPairs(witness: Seen, is: Failure['is'], good: string, wanted: string) {
  const { outcomes, isOver } = witness.facts;
  const bad = failed(witness);
  const mine = bad?.failure?.is === is ? bad : undefined;
  return {
    ok: isWhole(witness) && !bad,
    final: isOver,
    saw: mine
      ? `Pair ${mine.seed}: ${mine.failure?.text ?? ''}`
      : bad
        ? `${outcomes.length - 1} of ${PAIRS} pairs came so far before pair ${bad.seed} failed.`
        : isWhole(witness)
          ? good
          : `${outcomes.length} of ${PAIRS} pairs have been played.`,
    wanted,
  };
}

export default defineExercise<Facts>({
  kind: 'repair',
  title: 'Perfect negotiation',
  task: [
    `Both peers run your \`negotiate()\`, one of them with \`polite: true\`, and both change the call whenever they like. ${PAIRS} pairs are played, each with delays of its own; offers meet in most of them, at the start and in the middle of a call. The code below does not survive that.`,
    'Make all of them agree: both `stable`, the same m-sections at both ends, data that flows. In the last pair both send a picture.',
    'The channel keeps the order and hands over one message at a time: the next one waits for the promise of your handler. What that promise rejects with counts as reported. A candidate that the browser refuses shall be reported, unless it belongs to an offer that was ignored.',
  ],
  hints: [
    'Which of the two may ignore an offer, and when? If both do, both wait; if neither does, both are stable and dead.',
    'An offer collides when your own is under way: `signalingState` is not `stable`, or `setLocalDescription()` has been called and has not resolved yet. Keep that second fact in a variable.',
    'Set `makingOffer = true` before `setLocalDescription()` and `false` in a `finally`. On an offer: `ignoreOffer = !polite && (makingOffer || pc.signalingState !== "stable")`. Setting the other’s offer rolls the own one back by itself. Catch the error of a candidate only if `ignoreOffer`.',
  ],
  media: true,
  limitMs: 16_000,
  facts: () => ({ outcomes: [], isOver: false }),
  async play(play) {
    const { facts } = play;
    try {
      await playAll(play);
    } finally {
      facts.isOver = true;
    }
    if (facts.outcomes.every(({ failure }) => !failure)) await playPicture(play);
  },
  checks: [
    {
      id: 'agree',
      title: 'Every pair ends in agreement',
      hint: 'Exactly one of the two gives way, and it does so by setting the other’s offer.',
      pass: (witness) => {
        const collisions = witness.facts.outcomes.reduce((sum, one) => sum + one.collisions, 0);
        return aboutPairs(
          witness,
          'states',
          `All ${PAIRS} pairs are \`stable\` at both ends, with one session; ${collisions} offers met another one.`,
          'Both `stable`, and the local description of each is the remote one of the other.',
        );
      },
    },
    {
      id: 'sections',
      title: 'Nobody’s change is lost',
      hint: 'Both peers have to offer when `negotiationneeded` fires; a change that was rolled back fires it again.',
      pass: (witness) =>
        aboutPairs(
          witness,
          'lost',
          'Three m-sections in all four descriptions of each pair.',
          'Three m-sections at both ends: the channel’s, alice’s and bob’s.',
        ),
    },
    {
      id: 'data',
      title: 'Data flows in every pair',
      hint: 'Do the candidates reach the connection?',
      pass: (witness) => {
        const restarts = witness.facts.outcomes.reduce((sum, one) => sum + one.restarts, 0);
        return aboutPairs(
          witness,
          'silent',
          `Each peer heard the other over the data channel${restarts > 0 ? `; ${restarts} ICE restarts by us, since the browser had found no candidate` : ''}.`,
          'A message each way over the data channel.',
        );
      },
    },
    {
      id: 'candidates',
      title: 'Only the right refusals are passed over',
      hint: 'What belongs to an offer that you ignored is of no importance. Any other refusal is news.',
      pass: (witness) => {
        const { outcomes, isOver } = witness.facts;
        const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((all, one) => all + of(one), 0);
        const refused = sum(({ planted }) => planted.refused);
        const told = sum(({ planted }) => planted.told);
        const noise = sum((outcome) => outcome.noise);
        return {
          ok: isWhole(witness) && !failed(witness) && told === refused && refused > 0 && noise === 0,
          final: isOver,
          saw:
            refused === 0 && noise === 0
              ? 'No candidate that fits nowhere was handed to a browser yet.'
              : told < refused
                ? `${refused} candidates that fit nowhere were refused by the browser; ${told} of these refusals were reported.`
                : noise > 0
                  ? `${noise} candidates of an offer that had been ignored were reported as errors.`
                  : `${told} of ${refused} refusals were reported, and none of a candidate whose offer had been ignored.`,
          wanted: 'Each refusal reported, but for candidates of an offer that was ignored.',
        };
      },
    },
    {
      id: 'picture',
      title: 'Both see each other',
      hint: 'The same code, with a picture and a sound at both ends.',
      async pass(witness) {
        // As the browser counts them: Chromium 156 leaves the tracks of whoever rolled back `muted` now and then.
        const [ofAlice, ofBob] = [await witness.framesDecoded('alice'), await witness.framesDecoded('bob')];
        return {
          ok: isWhole(witness) && ofAlice >= 5 && ofBob >= 5,
          final: witness.facts.isOver && (failed(witness) !== undefined || !isWhole(witness)),
          saw: `alice has decoded ${ofAlice} frames of bob’s, bob ${ofBob} of alice’s.`,
          wanted: '5 at each end.',
        };
      },
    },
  ],
});

async function playAll({ facts, call, signal }: Play<Facts>): Promise<void> {
  const seeds = Array.from({ length: PAIRS }, (_, index) => index + 1);
  const failure = new AbortController();
  const ended = AbortSignal.any([signal, failure.signal]);
  const lane = async () => {
    for (let seed = seeds.shift(); seed !== undefined && !ended.aborted; seed = seeds.shift()) {
      const outcome = await playPair(seed, (half) => call('negotiate', half), ended);
      if (ended.aborted) return;
      facts.outcomes.push(outcome);
      const { planted, noise } = outcome;
      if (outcome.failure || noise > 0 || planted.told < planted.refused) failure.abort();
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: AT_A_TIME }, lane));
  // The first failure ends the other pairs; what is thrown without one is the learner's.
  const thrown = lanes.find(({ status }) => status === 'rejected');
  if (thrown?.status === 'rejected' && !failure.signal.aborted) throw thrown.reason;
}

async function playPicture({ bench, tools, call, signal }: Play<Facts>): Promise<void> {
  const names = ['alice', 'bob'] as const;
  const streams = await Promise.all(names.map((name) => tools.media(name)));
  const pcs = names.map((name) => tools.createPeer(name));
  for (const [index, pc] of pcs.entries()) {
    const name = names[index] ?? 'alice';
    const other = name === 'alice' ? 'bob' : 'alice';
    const channel = tools.signaling(name);
    pc.addEventListener('track', ({ streams: [stream] }) => bench.show(name, stream));
    await call('negotiate', {
      pc,
      polite: name === 'bob',
      send: (like: Parameters<typeof channel.send>[1]) => channel.send(other, like),
      receive: (handler: (received: unknown) => void | Promise<void>) =>
        channel.receive((_, received) => handler(received)),
    });
  }
  for (const [index, pc] of pcs.entries())
    for (const track of streams[index]?.getTracks() ?? []) pc.addTrack(track, streams[index] as MediaStream);
  const rescue = setTimeout(
    () => pcs.find(({ localDescription }) => !localDescription?.sdp.includes('a=candidate'))?.restartIce(),
    NO_CANDIDATES_MS,
  );
  signal.addEventListener('abort', () => clearTimeout(rescue), { once: true });
}
