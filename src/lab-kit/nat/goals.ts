import type { NetworkPlan } from '../../rtc/nat-sim/plan.ts';
import type { PairView } from '../../rtc/nat-sim/agent.ts';
import type { Simulation } from '../../rtc/nat-sim/simulate.ts';
import { kindOf } from '../../rtc/nat-sim/plan.ts';
import { reachNames } from '../../rtc/nat-sim/words.ts';

/** A network to build; graded by what the simulator's run did. */
export interface Goal {
  readonly id: string;
  readonly title: string;
  readonly task: string;
  readonly hint: string;
  /** What is still missing, as a sentence of what was seen and what was wanted; undefined when it holds. */
  readonly missing: (simulation: Simulation) => string | undefined;
}

export const goals: readonly Goal[] = [
  {
    id: 'nat-build-prflx',
    title: 'Only by prflx',
    task: 'Build a network in which the two connect without a relay, and every pair that works has a peer-reflexive candidate in it.',
    hint: 'One side has to send from a port that nobody announced, and the other side has to let it in all the same.',
    missing: (simulation) => {
      const { reach } = simulation.outcome;
      if (simulation.plan.servers === 'turn')
        return 'A TURN server is there, which is a way out. Take it away, so that only prflx is left.';
      if (reach !== 'prflx') return `Wanted: prflx. Seen: ${reachNames[reach].name}.`;
      const others = worked(simulation).filter((types) => !types.includes('prflx'));
      return others.length > 0
        ? `Wanted: prflx in every pair that works. Seen as well: ${others.map((types) => types.join(' → ')).join(', ')}.`
        : undefined;
    },
  },
  {
    id: 'nat-build-innocent',
    title: 'A relay between innocents',
    task: 'Build a network that needs the relay although neither home router is symmetric and both let UDP through.',
    hint: 'The home router is not always the last NAT on the way.',
    missing: (simulation) => {
      const { plan, outcome } = simulation;
      const guilty = (['a', 'b'] as const).filter((side) => {
        const nat = side === 'b' && plan.sameRouter ? plan.a : plan[side];
        return nat && (nat.udpBlocked || nat.mapping !== 'endpoint-independent');
      });
      if (guilty.length > 0)
        return `Wanted: home routers with endpoint-independent mapping. Seen: ${guilty.map((side) => kindOf(plan[side]) ?? 'another mapping').join(' and ')}.`;
      return outcome.reach.startsWith('relay')
        ? undefined
        : `Wanted: a relay. Seen: ${reachNames[outcome.reach].name}.`;
    },
  },
  {
    id: 'nat-build-hairpin',
    title: 'Round the bend',
    task: 'Let two devices of one isolated Wi-Fi connect without a relay.',
    hint: 'They cannot reach each other inside. What if both go out?',
    missing: ({ plan, outcome }) => {
      if (!plan.sameRouter || !plan.isolation)
        return 'Wanted: both behind one router that keeps them apart (AP isolation). Seen: another network.';
      if (outcome.reach === 'direct' || outcome.reach === 'prflx') return undefined;
      return `Wanted: direct. Seen: ${reachNames[outcome.reach].name}.`;
    },
  },
];

/** Under which id the answers to the predictions are kept. */
export const QUIZ_ID = 'nat-predict';

/** All exercises of the NAT lesson, by the ids of their progress. */
export const natExerciseIds: readonly string[] = [QUIZ_ID, ...goals.map(({ id }) => id)];

/** The types of each pair that got an answer, at either end. */
function worked({ steps }: Simulation): readonly (readonly string[])[] {
  const last = steps.at(-1)?.checklists;
  const types = ({ validLocal, remote }: PairView) => (validLocal ? [validLocal.type, remote.type] : []);
  return [...(last?.a ?? []), ...(last?.b ?? [])]
    .filter(({ state }) => state === 'succeeded')
    .map(types)
    .filter((pair) => pair.length > 0);
}

/** Whether a plan can be drawn and run: what is put right when a choice rules out another. */
export function consistent(plan: NetworkPlan): NetworkPlan {
  if (!plan.a && plan.sameRouter) return { ...plan, sameRouter: false, isolation: false };
  return plan.sameRouter ? plan : { ...plan, isolation: false };
}
