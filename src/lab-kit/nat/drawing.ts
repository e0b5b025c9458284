import type { Hop, Journey } from '../../rtc/nat-sim/network.ts';
import type { NodeId } from '../../rtc/nat-sim/packet.ts';
import type { Side } from '../../rtc/nat-sim/plan.ts';
import type { Simulation } from '../../rtc/nat-sim/simulate.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where everything stands, in units of which a phone shows one per pixel. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyMap<NodeId, Point>;
  readonly links: readonly (readonly [Point, Point])[];
}

export const WIDTH = 340;
const LEFT = 76;
const RIGHT = WIDTH - LEFT;
const MIDDLE = WIDTH / 2;
const SERVER_Y = 26;
const INTERNET_Y = 88;
const FIRST_ROW_Y = 152;
const ROW = 72;

/** Places the hosts below their NATs, those below the internet, and the server on top. */
export function layoutOf({ behind }: Pick<Simulation, 'behind'>): Layout {
  const nodes = new Map<NodeId, Point>([
    ['server', { x: MIDDLE, y: SERVER_Y }],
    ['internet', { x: MIDDLE, y: INTERNET_Y }],
  ]);
  const links: [Point, Point][] = [];
  const link = (from: NodeId, to: NodeId) => {
    const [one, other] = [nodes.get(from), nodes.get(to)];
    if (one && other && !links.some(([a, b]) => a === one && b === other)) links.push([one, other]);
  };
  const rows = Math.max(behind.a.length, behind.b.length, 1);
  const hasTwoRows = rows === 2;
  for (const side of ['a', 'b'] as const) {
    const x = side === 'a' ? LEFT : RIGHT;
    let above: NodeId = 'internet';
    for (const nat of behind[side].toReversed()) {
      const isShared = behind.a.includes(nat) && behind.b.includes(nat);
      const y = hasTwoRows && nat !== 'carrier' ? FIRST_ROW_Y + ROW : FIRST_ROW_Y;
      if (!nodes.has(nat)) nodes.set(nat, { x: isShared ? MIDDLE : x, y });
      link(above, nat);
      above = nat;
    }
    nodes.set(side, { x, y: FIRST_ROW_Y + ROW * rows });
    link(above, side);
  }
  link('server', 'internet');
  return { width: WIDTH, height: FIRST_ROW_Y + ROW * rows + 30, nodes, links };
}

/** The points that a packet comes through, from where it is sent to where it arrives or ends. */
export function wayOf(journey: Journey, layout: Layout, behind: Simulation['behind']): readonly Point[] {
  const way: Point[] = [];
  const add = (id: NodeId) => {
    const point = layout.nodes.get(id);
    if (point && way.at(-1) !== point) way.push(point);
  };
  for (const [index, hop] of journey.hops.entries()) {
    const before = journey.hops[index - 1];
    if (before) for (const id of between(before, hop, behind)) add(id);
    add(hop.at);
  }
  return way;
}

/** What lies between two hops and decides nothing: the internet, or the router that joins two hosts of one LAN. */
function between(before: Hop, hop: Hop, behind: Simulation['behind']): readonly NodeId[] {
  if (before.at === hop.at) return [];
  const sides: readonly NodeId[] = ['a', 'b'];
  if (sides.includes(before.at) && sides.includes(hop.at)) {
    const shared = behind.a.find((nat) => behind.b.includes(nat));
    return [shared ?? 'internet'];
  }
  const outermost = (id: NodeId) =>
    id === 'server' ||
    id === 'internet' ||
    (['a', 'b'] as const).some((side: Side) => (behind[side].at(-1) ?? side) === id);
  if (outermost(before.at) && outermost(hop.at)) return ['internet'];
  // Two customers of one carrier, inside of its network.
  const isBelow = (inner: NodeId, outer: NodeId) =>
    (['a', 'b'] as const).some((side) => {
      const chain: readonly NodeId[] = [side, ...behind[side]];
      const at = chain.indexOf(inner);
      return at >= 0 && chain[at + 1] === outer;
    });
  return isBelow(before.at, hop.at) || isBelow(hop.at, before.at) ? [] : ['carrier'];
}
