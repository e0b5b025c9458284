import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Witness } from '../../lab-kit/exercise/witness.ts';
import type { EntryOf } from '../../rtc/timeline.ts';

const sent = ({ entries }: Witness): readonly EntryOf<'signal-sent'>[] =>
  entries.filter((entry): entry is EntryOf<'signal-sent'> => entry.kind === 'signal-sent');

/** The candidates of a description, as they are handed to `addIceCandidate()`. */
const inText = (sdp: string): readonly string[] =>
  [...sdp.matchAll(/^a=(candidate:.*?)\s*$/gm)].map(([, candidate]) => candidate ?? '');

/** Types without the rest: browsers write the same candidate a little differently in a description and in an event. */
const addressOf = (candidate: string): string => candidate.split(' ').slice(2, 8).join(' ').toLowerCase();

/** Two descriptions without a candidate have crossed, and so long nothing else: there is no path to be found. */
const HOPELESS_MS = 800;

export default defineExercise({
  kind: 'repair',
  title: 'Two messages, and no more',
  task: [
    'Both peers run your `meet()`; `offers` tells which of them begins. Somebody carries their messages by hand, so there are to be exactly two: one offer and one answer. After that the data channel opens.',
    'The code below trickles: it sends a message for each candidate. Make each side wait until it has everything, and say it once. Nothing may pass between the two but those messages.',
  ],
  hints: [
    'What does a description hold right after `setLocalDescription()`, and what does it hold when `iceGatheringState` is `complete`?',
    'Wait for `icegatheringstatechange`, unless the state is `complete` already; then send `pc.localDescription`. Do nothing with `icecandidate`.',
    'if (pc.iceGatheringState !== "complete") await new Promise<void>((resolve) => pc.addEventListener("icegatheringstatechange", () => pc.iceGatheringState === "complete" && resolve()));',
  ],
  limitMs: 5_000,
  async play({ tools, call }) {
    await Promise.all([
      call('meet', tools, { self: 'alice', other: 'bob', offers: true }),
      call('meet', tools, { self: 'bob', other: 'alice', offers: false }),
    ]);
  },
  checks: [
    {
      id: 'open',
      title: 'The data channel is open at both ends',
      hint: 'Without an answer at the offerer’s end, or without any candidate, there is no path.',
      async pass(witness) {
        const open = (['alice', 'bob'] as const).filter((peer) =>
          witness.entries.some(
            (entry) => entry.peer === peer && entry.kind === 'data-channel' && entry.state === 'open',
          ),
        );
        const up = (await witness.connected('alice')) && (await witness.connected('bob'));
        const described = sent(witness).filter(({ signal }) => 'description' in signal);
        const hasNone = described.every(
          ({ signal }) => 'description' in signal && inText(signal.description.sdp).length === 0,
        );
        const lastMs = described.at(-1)?.atMs ?? Infinity;
        const isHopeless =
          described.length === 2 &&
          hasNone &&
          sent(witness).length === 2 &&
          witness.bench.timeline.nowMs - lastMs > HOPELESS_MS;
        return {
          ok: up && open.length === 2,
          final: isHopeless,
          saw: up
            ? `It is open at ${open.length} of 2 ends.`
            : `alice’s connection is \`${witness.state('alice')}\`, bob’s is \`${witness.state('bob')}\`.`,
          wanted: 'Both `connected`, and the channel `open`.',
        };
      },
    },
    {
      id: 'two',
      title: 'Two messages have crossed',
      when: 'end',
      hint: 'Each call of `send()` is a way that somebody has to walk.',
      pass(witness) {
        const types = sent(witness).map(({ signal }) =>
          'description' in signal ? signal.description.type : 'candidate',
        );
        const counted = [...new Set(types)].map(
          (type) => `${types.filter((one) => one === type).length} × ${type}`,
        );
        return {
          ok: types.join() === 'offer,answer',
          saw: `${types.length} ${types.length === 1 ? 'message' : 'messages'}${types.length > 0 ? `: ${counted.join(', ')}` : ''}.`,
          wanted: 'One offer and one answer.',
        };
      },
    },
    {
      id: 'whole',
      title: 'Each of them says everything',
      when: 'end',
      hint: '`createOffer()` returns a text that never changes; `pc.localDescription` grows while candidates are found.',
      pass(witness) {
        const missing = sent(witness).flatMap(({ peer, signal }) => {
          if (!('description' in signal)) return [];
          const has = new Set(inText(signal.description.sdp).map(addressOf));
          const found = witness.entries.filter(
            (entry): entry is EntryOf<'candidate'> =>
              entry.peer === peer && entry.kind === 'candidate' && entry.side === 'local',
          );
          const lacks = found.filter(({ candidate }) => candidate && !has.has(addressOf(candidate))).length;
          return lacks > 0 || has.size === 0
            ? [
                `${peer}’s ${signal.description.type} holds ${has.size} candidates, and ${peer} has found ${found.length}`,
              ]
            : [];
        });
        const added =
          witness.calls('alice', 'addIceCandidate').length + witness.calls('bob', 'addIceCandidate').length;
        const described = sent(witness).filter(({ signal }) => 'description' in signal).length;
        return {
          ok: missing.length === 0 && added === 0 && described > 0,
          saw:
            added > 0
              ? `${added} calls of \`addIceCandidate()\`: candidates went another way.`
              : missing.length > 0
                ? `${missing.join('; ')}.`
                : described === 0
                  ? 'No description was sent.'
                  : 'Every candidate that was found is in the description of its side.',
          wanted: 'All candidates in the two descriptions, and none beside them.',
        };
      },
    },
  ],
});
