import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Witness } from '../../lab-kit/exercise/witness.ts';
import { makeCall, type Kind } from './calls.ts';

/** What both ends of one call would read aloud. */
interface Read {
  readonly kind: Kind;
  readonly alice: string;
  readonly bob: string;
  readonly spoke: boolean;
}
interface Facts {
  readonly reads: Read[];
}

/** In two of them a word is said; of the others only the descriptions count. */
const CALLS: readonly { readonly kind: Kind; readonly speaks: boolean }[] = [
  { kind: 'honest', speaks: false },
  { kind: 'one-digit', speaks: false },
  { kind: 'one-way', speaks: false },
  { kind: 'honest', speaks: true },
  { kind: 'mallory', speaks: true },
];
const LONGEST = 60;
const SHORTEST = 4;

const done = ({ facts }: Witness<Facts>): boolean => facts.reads.length === CALLS.length;
const quoted = (text: string): string => `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;

const attack: Readonly<Record<Kind, string>> = {
  honest: 'In an honest call',
  mallory: 'With mallory between them',
  'one-digit': 'With the last digit of both fingerprints changed',
  'one-way': 'With the last digit of alice’s fingerprint changed on its way to bob',
};

export default defineExercise<Facts>({
  kind: 'repair',
  title: 'Words that tell who is there',
  task: [
    'alice and bob have called each other, and one reads a short text to the other on the telephone. If both have the same text, nobody has put other certificates between them. Write `sas(local, remote)`: each end calls it with its own local and remote description.',
    'It is called for both ends of five real calls: two are honest, in one mallory sits between with two connections of her own, and in two the server has changed a digit of a fingerprint. The two texts must be the same in the honest calls, and different in the others. At most 60 characters: people have to read it.',
  ],
  hints: [
    'What in a description is tied to the key that only its maker has? All the rest the server may write as it likes, and candidates are added while you look.',
    'alice’s local fingerprint is bob’s remote one: both ends have the same two, the other way round. Bring them into an order that does not depend on the end.',
    'Take all of `a=fingerprint:` of both texts, sort the two, join them, and hash: `crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))`. Some bytes of it as digits are enough here.',
  ],
  limitMs: 15_000,
  facts: () => ({ reads: [] }),
  async play({ facts, call, signal }) {
    const ask = async (local: string, remote: string) => {
      const text = await call('sas', local, remote);
      return typeof text === 'string' ? text : '';
    };
    const make = async ({ kind, speaks }: (typeof CALLS)[number]) => {
      const { alice, bob, spoke } = await makeCall(kind, speaks, signal);
      const read = { alice: await ask(alice.local, alice.remote), bob: await ask(bob.local, bob.remote) };
      facts.reads.push({ kind, ...read, spoke });
    };
    await Promise.all(CALLS.map(make));
  },
  checks: [
    {
      id: 'honest',
      title: 'In an honest call both read the same',
      hint: 'Which parts of the two texts are the same at both ends, and does their order depend on who asks?',
      pass(witness) {
        const honest = witness.facts.reads.filter(({ kind }) => kind === 'honest');
        const bad = honest.find(({ alice, bob }) => alice !== bob);
        const [sample] = honest;
        return {
          ok: done(witness) && !bad,
          final: done(witness),
          saw: bad
            ? `In an honest call alice reads ${quoted(bad.alice)} and bob ${quoted(bad.bob)}.`
            : sample
              ? `Both read ${quoted(sample.alice)}.`
              : 'No call has been made yet.',
          wanted: 'The same text at both ends.',
        };
      },
    },
    {
      id: 'attacked',
      title: 'In an attacked call they read different texts',
      hint: 'What did the attack change, and does your text depend on every digit of it?',
      pass(witness) {
        const attacked = witness.facts.reads.filter(({ kind }) => kind !== 'honest');
        const bad = attacked.find(({ alice, bob }) => alice === bob);
        return {
          ok: done(witness) && !bad,
          final: done(witness),
          saw: bad
            ? `${attack[bad.kind]} both read ${quoted(bad.alice)}: nobody notices.`
            : `${attacked.length} attacked calls, and different texts in each of them.`,
          wanted: 'Different texts whenever a fingerprint was replaced, in one direction or in both.',
        };
      },
    },
    {
      id: 'readable',
      title: 'People can read it to each other',
      hint: 'A hash is as long as you take of it.',
      pass(witness) {
        const texts = witness.facts.reads.flatMap(({ alice, bob }) => [alice, bob]);
        const bad = texts.find(({ length }) => length < SHORTEST || length > LONGEST);
        const honest = witness.facts.reads.filter(({ kind }) => kind === 'honest').map(({ alice }) => alice);
        const isFixed = honest.length === 2 && honest[0] === honest[1];
        return {
          ok: done(witness) && bad === undefined && !isFixed,
          final: done(witness),
          saw:
            bad !== undefined
              ? `A text has ${bad.length} characters.`
              : isFixed
                ? `Two calls of different people have the same text, ${quoted(honest[0] ?? '')}.`
                : `${texts.length} texts of ${Math.min(...texts.map(({ length }) => length))} characters and more.`,
          wanted: `${SHORTEST} to ${LONGEST} characters, another text for each call.`,
        };
      },
    },
    {
      id: 'works',
      title: 'The call with mallory in it works',
      hint: 'That is the trouble with it: this check is ours, and shows that nothing else would have told you.',
      pass(witness) {
        const spoke = witness.facts.reads.filter((read) => read.spoke);
        const isRead = spoke.some(({ kind }) => kind === 'mallory');
        return {
          ok: isRead && spoke.length === 2,
          final: done(witness),
          saw: isRead
            ? 'alice’s word reached bob through two connections of mallory’s.'
            : 'No word has reached bob through mallory yet.',
          wanted: 'A word that arrives, in an honest call and through mallory.',
        };
      },
    },
  ],
});
