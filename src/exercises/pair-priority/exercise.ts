import { gatheringComplete } from '../../rtc/index.ts';
import { defineExercise } from '../../lab-kit/exercise/define.ts';

interface Pair {
  readonly controlling: number;
  readonly controlled: number;
}

const priorityOf = ({ controlling: g, controlled: d }: Pair): bigint =>
  2n ** 32n * BigInt(Math.min(g, d)) + 2n * BigInt(Math.max(g, d)) + (g > d ? 1n : 0n);

/** What candidates of each kind have in browsers, so that there are relays and reflexive ones to sort as well. */
const usual = [2_130_706_431, 2_122_260_223, 1_694_498_815, 1_686_052_607, 16_777_215, 41_885_439];

export default defineExercise({
  kind: 'complete',
  title: 'Which pair is checked first',
  task: [
    'Write the two functions by which ICE orders its checklist (RFC 8445, section 6.1.2.3). `pairPriority()` computes the priority of a pair out of those of its two candidates; `checklist()` puts pairs in the order in which they are checked, the highest first.',
    'They are given priorities of candidates that this browser has just found, and of some that it could have.',
  ],
  hints: [
    'The formula is `2³² × min(G, D) + 2 × max(G, D) + (G > D ? 1 : 0)`: G is the controlling agent’s candidate, D the controlled one’s.',
    'The result has up to 63 bits, and a `number` is exact up to 53. Use `BigInt()`.',
    'Two `bigint` can be compared with `<`, but `sort()` wants a number: give it −1, 0 or 1.',
  ],
  limitMs: 8_000,
  facts: () => ({ found: 0, wrong: [] as string[], asked: 0, tie: '', order: '', kept: '' }),
  async play({ bench, tools, facts, call }) {
    const [ours = [], theirs = []] = await Promise.all(
      ['alice', 'bob'].map(async (name) => {
        const pc = tools.createPeer(name);
        const priorities: number[] = [];
        pc.addEventListener('icecandidate', ({ candidate }) => {
          if (candidate?.priority) priorities.push(candidate.priority);
        });
        pc.createDataChannel('exercise');
        await pc.setLocalDescription();
        await gatheringComplete(pc, bench);
        facts.found += priorities.length;
        return [...new Set([...priorities, ...usual])];
      }),
    );
    const pairs = ours.flatMap((controlling) =>
      theirs.map((controlled): Pair => ({ controlling, controlled })),
    );
    for (const pair of pairs) {
      const given = await call('pairPriority', pair.controlling, pair.controlled);
      facts.asked++;
      if (given === priorityOf(pair)) continue;
      const got = typeof given === 'bigint' ? `${given}n` : `${String(given)} (a ${typeof given})`;
      facts.wrong.push(`G ${pair.controlling}, D ${pair.controlled}: ${got}, not ${priorityOf(pair)}n`);
    }
    const [low = 1, high = 2] = usual.toSorted((a, b) => a - b);
    const difference = async (g: number, d: number) => {
      const [one, other] = [await call('pairPriority', g, d), await call('pairPriority', d, g)];
      return typeof one === 'bigint' && typeof other === 'bigint' ? `${one - other}` : 'not a bigint';
    };
    facts.tie = await difference(high, low);
    const shuffled = pairs.toSorted(
      (a, b) => (a.controlling ^ (b.controlled * 7)) - (b.controlling ^ (a.controlled * 7)),
    );
    const before = JSON.stringify(shuffled);
    const sorted = await call('checklist', structuredClone(shuffled));
    const list = Array.isArray(sorted) ? (sorted as readonly Pair[]) : [];
    const missing = pairs.length - list.length;
    const at = list.findIndex((pair, index) => {
      const next = list[index + 1];
      return next && priorityOf(pair) < priorityOf(next);
    });
    if (!Array.isArray(sorted)) facts.order = `\`checklist()\` gave ${typeof sorted}, not an array.`;
    else if (missing !== 0) facts.order = `${list.length} of ${pairs.length} pairs came back.`;
    else if (at >= 0)
      facts.order = `Pair ${at + 1} has a lower priority than pair ${at + 2}, which comes after it.`;
    facts.kept = before;
  },
  checks: [
    {
      id: 'exact',
      title: 'Every priority is exact',
      when: 'end',
      hint: 'Is the difference small, or are only the last digits wrong? A `number` has 53 bits.',
      pass: ({ facts: { wrong, asked, found } }) => ({
        ok: asked > 0 && found > 0 && wrong.length === 0,
        saw:
          wrong.length === 0
            ? `${asked} of ${asked} priorities are right, for ${found} candidates that were found and the usual ones.`
            : `${wrong.length} of ${asked} are wrong. ${wrong[0]}.`,
        wanted: 'The number of RFC 8445 for each pair, as a `bigint`.',
      }),
    },
    {
      id: 'tie',
      title: 'Both ends agree, and the tie is broken',
      when: 'end',
      hint: 'The last term: 1 when G is the larger one.',
      pass: ({ facts: { tie } }) => ({
        ok: tie === '1',
        saw: `With G and D exchanged, the priorities differ by ${tie || 'nothing that could be computed'}.`,
        wanted: 'They differ by 1: the pair whose controlling candidate is the better one comes first.',
      }),
    },
    {
      id: 'order',
      title: 'The checklist begins with the highest',
      when: 'end',
      hint: 'What does your comparison return when the second pair is the better one?',
      pass: ({ facts: { order, kept } }) => ({
        ok: kept !== '' && order === '',
        saw:
          order ||
          (kept ? 'No pair stands before a better one.' : 'It was not asked: the first function stopped.'),
        wanted: 'All pairs, from the highest priority to the lowest.',
      }),
    },
  ],
});
