import type { NatKind } from '../../rtc/nat-sim/plan.ts';
import { reaches, type Reach } from '../../rtc/nat-sim/simulate.ts';
import { kindNames } from '../../rtc/nat-sim/words.ts';
import { reachOfCell, type RecordedCell } from './recordings.ts';
import { why } from './why.ts';

/** A network to predict, with what came of it between real browsers. */
export interface Question {
  readonly id: string;
  readonly network: string;
  readonly cell: RecordedCell;
  readonly happened: Reach;
  /** Why, in one sentence. */
  readonly why: string;
}

const between = (servers: 'stun' | 'turn', a: NatKind, b: NatKind) => ({ servers, a, b });

/** Ten networks: eight of the matrix, from the plain ones to the surprising, and two with more than two NATs in them. */
const asked: readonly (ReturnType<typeof between> | { readonly id: string; readonly why: string })[] = [
  between('stun', 'port-restricted', 'port-restricted'),
  between('stun', 'port-restricted', 'symmetric'),
  between('stun', 'address-restricted', 'symmetric'),
  between('turn', 'symmetric', 'port-restricted'),
  between('turn', 'symmetric', 'endpoint-independent'),
  between('stun', 'udp-blocked', 'endpoint-independent'),
  between('turn', 'udp-blocked', 'port-restricted'),
  between('turn', 'symmetric', 'symmetric'),
  {
    id: 'double-nat',
    why: 'Two NATs in a row behave like the stricter of them at each point, and here both keep the port that was announced.',
  },
  {
    id: 'same-carrier',
    why: 'Both are announced at the outside of one carrier’s NAT, which does not turn packets round, and the routers’ addresses inside the carrier’s network are in no description.',
  },
];

/** The questions for which there is a recording. */
export function questionsOf(cells: readonly RecordedCell[]): readonly Question[] {
  return asked.flatMap((one): Question[] => {
    const cell = cells.find((each) =>
      'id' in one
        ? each.id === one.id
        : each.special === undefined &&
          each.browserB === 'chromium' &&
          each.servers === one.servers &&
          each.a === one.a &&
          each.b === one.b,
    );
    if (!cell) return [];
    const happened = reachOfCell(cell);
    const servers = cell.servers === 'stun' ? 'STUN only' : 'STUN and TURN';
    const homes = `alice ${kindNames[cell.a].short}, bob ${kindNames[cell.b].short}`;
    return [
      {
        id: cell.id,
        cell,
        happened,
        network: `${cell.special ? `${cell.special}; ${homes}` : homes}; ${servers}`,
        why: 'why' in one ? one.why : why(cell.a, cell.b, happened),
      },
    ];
  });
}

export const isReach = (text: string | undefined): text is Reach => reaches.some((reach) => reach === text);

/** How many predictions came true. */
export const rightOnes = (
  questions: readonly Question[],
  answers: Readonly<Record<string, string>>,
): number => questions.filter(({ id, happened }) => answers[id] === happened).length;
