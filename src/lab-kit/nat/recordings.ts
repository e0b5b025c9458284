import '../../rtc/signaling/no-eval.ts';
import * as z from 'zod';
import { behaviours, between, natKinds, type NetworkPlan } from '../../rtc/nat-sim/plan.ts';
import { reachOf, type Reach } from '../../rtc/nat-sim/simulate.ts';

/** The folder of the recordings, on this site. */
const FOLDER = '/natlab/';

const CandidateTypes = z.enum(['host', 'srflx', 'prflx', 'relay']);
const End = z.object({
  local: CandidateTypes,
  remote: CandidateTypes,
  /** Of the local candidate, if it is a relay. */
  relayProtocol: z.exactOptional(z.string().max(8)),
});

const Cell = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,80}$/),
  a: z.enum(natKinds),
  b: z.enum(natKinds),
  servers: z.enum(['stun', 'turn']),
  /** What is special about the network, in words. */
  special: z.exactOptional(z.string().max(200)),
  browserB: z.enum(['chromium', 'firefox']),
  outcome: z.object({
    connected: z.boolean(),
    a: z.exactOptional(End),
    b: z.exactOptional(End),
    afterMs: z.exactOptional(z.number().nonnegative()),
  }),
  recording: z.string().regex(/^[a-z0-9-]{1,80}\.json\.gz$/),
});

/** What was recorded between real browsers behind real NATs, and when. */
const Index = z.object({
  made: z.string().max(40),
  browsers: z.object({ a: z.string().max(80), b: z.string().max(80) }),
  cells: z.array(Cell).max(500),
});
export type RecordedCell = z.infer<typeof Cell>;
export type RecordingIndex = z.infer<typeof Index>;

export type IndexAnswer =
  { readonly ok: true; readonly index: RecordingIndex } | { readonly ok: false; readonly problem: string };

/** Reads the list of recordings. Never rejects. @param get is `fetch`, or stands in for it */
export async function readIndex(get: (path: string) => Promise<Response> = fetch): Promise<IndexAnswer> {
  const no = (problem: string): IndexAnswer => ({ ok: false, problem });
  try {
    const answer = await get(`${FOLDER}index.json`);
    if (!answer.ok)
      return no('The list of recordings is not on this server. It comes with the site: npm run build.');
    const parsed = Index.safeParse(await answer.json());
    return parsed.success
      ? { ok: true, index: parsed.data }
      : no('The list of recordings is not as it should be. Was it made by another version?');
  } catch {
    return no('The list of recordings could not be loaded. Is the server still running? Then try again.');
  }
}

/** Where the recording of a cell opens in every panel. */
export const replayHref = ({ recording }: RecordedCell): string =>
  `/replay/?file=${encodeURIComponent(FOLDER + recording)}`;

/** How the two browsers of a cell reached each other. */
export function reachOfCell({ outcome }: RecordedCell): Reach {
  const { connected, a, b } = outcome;
  if (!connected || !a || !b) return 'none';
  const types = ({ local, remote, relayProtocol }: z.infer<typeof End>) => ({
    local: { type: local, relayProtocol: local === 'relay' ? relayProtocol : undefined },
    remote: { type: remote },
  });
  return reachOf(types(a), types(b));
}

const hairpinning = (plan: NetworkPlan): NetworkPlan => ({
  ...plan,
  a: plan.a && { ...plan.a, hairpinning: true },
});

/** What a special network adds to its two routers, by the beginning of its id; the longest one counts. */
const specials: readonly (readonly [string, (plan: NetworkPlan) => NetworkPlan])[] = [
  ['same-home', (plan) => ({ ...plan, sameRouter: true })],
  ['isolated', (plan) => ({ ...plan, sameRouter: true, isolation: true })],
  ['isolated-hairpin', (plan) => hairpinning({ ...plan, sameRouter: true, isolation: true })],
  ['double-nat', (plan) => behindCarrier(plan, 'port-restricted', 'a')],
  ['double-nat-symmetric', (plan) => behindCarrier(plan, 'symmetric', 'a')],
  ['same-carrier', (plan) => behindCarrier(plan, 'port-restricted', 'both')],
  ['same-carrier-hairpin', (plan) => behindCarrier(plan, 'port-restricted', 'both', true)],
  ['public-address', (plan) => plan],
];

function behindCarrier(
  plan: NetworkPlan,
  kind: 'port-restricted' | 'symmetric',
  serves: 'a' | 'both',
  hairpinning = false,
): NetworkPlan {
  const behaviour = behaviours[kind];
  return behaviour ? { ...plan, carrier: { behaviour: { ...behaviour, hairpinning }, serves } } : plan;
}

/** The simulator's network for a cell; undefined where the simulator knows no such thing. */
export function planOfCell({ id, a, b, servers, special }: RecordedCell): NetworkPlan | undefined {
  const plain = between(a, b, servers);
  if (special === undefined) return plain;
  const [, add] =
    specials
      .filter(([start]) => id.startsWith(start))
      .toSorted(([one], [other]) => other.length - one.length)[0] ?? [];
  return add?.(plain);
}
