import { IceAgent, type PairView, type SelectedPair, type SimCandidate } from './agent.ts';
import { Network, type Journey, type NatId, type Tables } from './network.ts';
import type { Endpoint, Message, NodeId, Packet } from './packet.ts';
import type { NetworkPlan, Side } from './plan.ts';
import { StunTurnServer, type Allocation, type Unserved } from './server.ts';

/** What is new in a step. */
export type StepEvent =
  | { readonly is: 'packet'; readonly journey: Journey; readonly unserved?: Unserved }
  | { readonly is: 'candidate'; readonly side: Side; readonly candidate: SimCandidate }
  | { readonly is: 'redundant'; readonly side: Side; readonly candidate: SimCandidate }
  | {
      readonly is: 'learned';
      readonly side: Side;
      readonly whose: 'local' | 'remote';
      readonly candidate: SimCandidate;
    }
  /** The offer or the answer crosses, with all candidates in it. Signaling has a way of its own, past the NATs. */
  | {
      readonly is: 'signal';
      readonly from: Side;
      readonly type: 'offer' | 'answer';
      readonly candidates: readonly SimCandidate[];
    }
  | { readonly is: 'selected'; readonly side: Side; readonly pair: SelectedPair }
  | { readonly is: 'failed'; readonly side: Side };

/** One step of a run, and how everything is after it. */
export interface Step {
  /** In the simulated time, since the beginning. */
  readonly atMs: number;
  readonly event: StepEvent;
  readonly tables: Tables;
  readonly allocations: readonly Allocation[];
  readonly checklists: Readonly<Record<Side, readonly PairView[]>>;
}

/** How two ends reach each other. `direct` takes in host and srflx candidates. */
export const reaches = ['direct', 'prflx', 'relay/udp', 'relay/tcp', 'none'] as const;
export type Reach = (typeof reaches)[number];

/** What decides how two ends reach each other: the local and the remote candidate of one end. */
export interface PairTypes {
  readonly local: { readonly type: string; readonly relayProtocol?: string | undefined };
  readonly remote: { readonly type: string };
}

export interface Simulation {
  readonly plan: NetworkPlan;
  readonly steps: readonly Step[];
  readonly outcome: { readonly reach: Reach; readonly a?: SelectedPair; readonly b?: SelectedPair };
  /** What stands between each host and the internet, from inside to outside. */
  readonly behind: Readonly<Record<Side, readonly NatId[]>>;
  readonly hosts: Readonly<Record<Side, string>>;
}

/** How long a packet takes from end to end, and a signal through the signaling server. */
const TRAVEL_MS = 20;
const SIGNAL_MS = 60;
/** Simulated time after which nobody waits any longer: a pair that works, but is never agreed on by both ends. */
const LIMIT_MS = 12_000;

/**
 * Runs ICE between two hosts over a network, packet by packet, until both ends have a pair or have given up.
 *
 * It is deterministic: the same plan gives the same steps. A packet is led through all NATs at the moment when it is
 * sent and handed over {@link TRAVEL_MS} later. `a` offers and controls.
 */
export function simulate(plan: NetworkPlan): Simulation {
  const network = new Network(plan);
  const server = new StunTurnServer(plan.servers === 'turn');
  const steps: Step[] = [];
  const due: { atMs: number; order: number; act: () => void }[] = [];
  let [nowMs, order, lastId] = [0, 0, 0];

  const after = (delayMs: number, act: () => void) => {
    due.push({ atMs: nowMs + delayMs, order: order++, act });
  };
  const note = (event: StepEvent) => {
    const { allocations } = server;
    const checklists = { a: agents.a.checklist, b: agents.b.checklist };
    steps.push({ atMs: nowMs, event, tables: network.tables, allocations, checklists });
  };
  const put = (from: Side | 'server', packet: Packet) => {
    const journey = network.send(from, packet);
    const { arrived } = journey;
    if (arrived?.at !== 'server') {
      note({ is: 'packet', journey });
      if (arrived?.at === 'a' || arrived?.at === 'b')
        after(TRAVEL_MS, () => hand(arrived.at, arrived.packet));
      return;
    }
    const { sends, unserved } = server.receive(arrived.packet);
    note({ is: 'packet', journey, ...(unserved && { unserved }) });
    after(TRAVEL_MS, () => {
      for (const each of sends) put('server', each);
    });
  };
  const hand = (at: NodeId, { transport, source, destination, message }: Packet) => {
    if (at === 'a' || at === 'b') agents[at].receive(transport, destination, source, message);
  };
  const agentOf = (side: Side) =>
    new IceAgent(side, network.hosts[side], side === 'a', plan.servers, {
      nowMs: () => nowMs,
      after,
      nextId: () => ++lastId,
      send: (transport: 'udp' | 'tcp', source: Endpoint, destination: Endpoint, message: Message) =>
        put(side, { transport, source, destination, message }),
      tell: (event) => {
        if (event.is !== 'gathered') note({ ...event, side });
      },
    });
  const agents = { a: agentOf('a'), b: agentOf('b') };

  agents.a.gather((ofA) => {
    const offered = [...ofA];
    note({ is: 'signal', from: 'a', type: 'offer', candidates: offered });
    after(SIGNAL_MS, () =>
      agents.b.gather((ofB) => {
        const answered = [...ofB];
        note({ is: 'signal', from: 'b', type: 'answer', candidates: answered });
        after(SIGNAL_MS, () => agents.a.begin(answered));
        agents.b.begin(offered);
      }),
    );
  });

  const isSettled = () => agents.a.selected && agents.b.selected;
  while (nowMs < LIMIT_MS && !isSettled()) {
    due.sort((one, other) => one.atMs - other.atMs || one.order - other.order);
    const next = due.shift();
    if (!next) break;
    nowMs = next.atMs;
    next.act();
  }

  for (const side of ['a', 'b'] as const)
    if (!isSettled() && !agents[side].hasFailed) note({ is: 'failed', side });
  const [a, b] = isSettled() ? [agents.a.selected, agents.b.selected] : [];
  return {
    plan,
    steps,
    outcome: { reach: a && b ? reachOf(a, b) : 'none', ...(a && { a }), ...(b && { b }) },
    behind: { a: network.behind('a'), b: network.behind('b') },
    hosts: network.hosts,
  };
}

/** How two ends reach each other, from the pair that each of them has selected. */
export function reachOf(a: PairTypes, b: PairTypes): Reach {
  const relays = [a, b].filter(({ local }) => local.type === 'relay');
  if (relays.some(({ local }) => local.relayProtocol !== undefined && local.relayProtocol !== 'udp'))
    return 'relay/tcp';
  if (relays.length > 0) return 'relay/udp';
  const types = [a.local.type, a.remote.type, b.local.type, b.remote.type];
  return types.includes('relay') ? 'relay/udp' : types.includes('prflx') ? 'prflx' : 'direct';
}
