import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Check } from '../../lab-kit/exercise/define.ts';
import type { Witness } from '../../lab-kit/exercise/witness.ts';

const ENOUGH = 5;

/** The m-sections of alice's latest description, as `audio sendrecv`. */
function sectionsOf({ entries }: Witness): string[] {
  const last = entries.findLast(
    (entry) => entry.kind === 'description' && entry.peer === 'alice' && entry.side === 'local',
  );
  const sections = last?.kind === 'description' ? last.sdp.split(/^(?=m=)/m).slice(1) : [];
  return sections.map((section) => {
    const direction = /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(section)?.[1] ?? 'sendrecv';
    return `${/^m=(\w+)/.exec(section)?.[1] ?? ''} ${direction}`;
  });
}

const sees = (peer: 'alice' | 'bob', other: 'alice' | 'bob'): Check<unknown> => ({
  id: `${peer}-sees`,
  title: `${peer} sees ${other}`,
  hint: `Are ${other}’s tracks on the connection before ${other}’s description is made?`,
  pass(witness) {
    const frames = witness.frames(peer).filter((frame) => frame.peer === other).length;
    return {
      ok: frames >= ENOUGH,
      saw: `${peer} has seen ${frames} frames of ${other}’s picture.`,
      wanted: `${ENOUGH} frames.`,
    };
  },
});

export default defineExercise({
  kind: 'repair',
  title: 'Two ways, one connection',
  task: [
    'Somebody was told that a call in which both sides send needs two connections: one for each direction, each with an offer of its own. This code does so. It works, and costs two of everything: ports, checks, handshakes.',
    'Both ends run `call()`; `offers` is true for alice. Let them see and hear each other over **one** connection: one offer, one answer, one m-section for sound and one for the picture.',
  ],
  hints: [
    'How many `createPeer()` does a call need at each end?',
    'Both ends add their tracks before they make their description; only alice offers. bob’s answer says what he sends.',
    '`addTrack()` at bob’s end takes the transceivers that alice’s offer makes: it does not matter whether he adds before or after setting the offer, as long as it is before his answer.',
  ],
  async play({ tools, call }) {
    await Promise.all([
      call('call', tools, 'alice', 'bob', true),
      call('call', tools, 'bob', 'alice', false),
    ]);
  },
  checks: [
    {
      id: 'one',
      title: 'One connection at each end',
      when: 'end',
      hint: 'A connection carries media both ways.',
      pass(witness) {
        const [alice, bob] = [witness.opened('alice'), witness.opened('bob')];
        return {
          ok: alice === 1 && bob === 1,
          saw: `alice opened ${alice}, bob opened ${bob}.`,
          wanted: 'One each.',
        };
      },
    },
    sees('alice', 'bob'),
    sees('bob', 'alice'),
    {
      id: 'sections',
      title: 'One m-section for sound, one for the picture, both sendrecv',
      when: 'end',
      hint: '`addTrack()` takes a transceiver that is there and has sent nothing; `addTransceiver()` always makes another one.',
      pass(witness) {
        const sections = sectionsOf(witness);
        return {
          ok: sections.toSorted().join() === 'audio sendrecv,video sendrecv',
          saw: `alice’s description has ${sections.length === 0 ? 'none' : sections.map((one) => `\`${one}\``).join(', ')}.`,
          wanted: '`audio sendrecv` and `video sendrecv`.',
        };
      },
    },
  ],
});
