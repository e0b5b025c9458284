import { useEffect, useRef } from 'preact/hooks';
import type { Journey, NatId } from '../../rtc/nat-sim/network.ts';
import type { NodeId } from '../../rtc/nat-sim/packet.ts';
import { kindOf, type NetworkPlan } from '../../rtc/nat-sim/plan.ts';
import type { Simulation } from '../../rtc/nat-sim/simulate.ts';
import { kindNames, messageWords } from '../../rtc/nat-sim/words.ts';
import { addresses, natsOf } from './places.ts';
import { layoutOf, wayOf, WIDTH, type Point } from './drawing.ts';

interface Props {
  readonly plan: NetworkPlan;
  readonly behind: Simulation['behind'];
  readonly hosts: Simulation['hosts'];
  readonly journey: Journey | undefined;
  /** How long the packet is on its way, in ms. */
  readonly travelMs: number;
}

const BOX = { width: 124, height: 44 };

/** The network as a drawing, and the packet of the present step on its way through it. */
export function Topology({ plan, behind, hosts, journey, travelMs }: Props) {
  const layout = layoutOf({ behind });
  const dot = useRef<SVGGElement>(null);
  const way = journey ? wayOf(journey, layout, behind) : [];
  const path = way.map(({ x, y }) => `${x},${y}`).join(' ');
  const end = way.at(-1);
  const isLost = journey?.drop !== undefined;

  useEffect(() => {
    const place = dot.current;
    if (!place || way.length < 2 || typeof place.animate !== 'function') return undefined;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return undefined;
    const frames = timed(way).map(({ point, offset }) => ({
      transform: `translate(${point.x}px, ${point.y}px)`,
      offset,
    }));
    const animation = place.animate(frames, { duration: travelMs, easing: 'linear' });
    return () => animation.cancel();
  }, [journey]);

  return (
    <svg
      class="nat-drawing"
      viewBox={`0 0 ${WIDTH} ${layout.height}`}
      role="img"
      aria-label={describe(plan, behind)}
    >
      {layout.links.map(([from, to]) => (
        <line class="nat-link" x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
      ))}
      {way.length > 1 && <polyline class="nat-way" data-lost={isLost || undefined} points={path} />}
      {[...layout.nodes].map(([id, at]) => (
        <Node key={id} id={id} at={at} lines={linesOf(id, plan, hosts, behind)} isActive={way.includes(at)} />
      ))}
      {journey && end && (
        <g
          ref={dot}
          class="nat-packet"
          data-lost={isLost || undefined}
          style={{ transform: `translate(${end.x}px, ${end.y}px)` }}
        >
          <Letter isLost={isLost} words={messageWords(journey.packet.message)} at={end} />
        </g>
      )}
    </svg>
  );
}

/** A packet, or the cross where it ended, with its name. */
function Letter({ isLost, words, at }: { isLost: boolean; words: string; at: Point }) {
  const width = Math.min(words.length * 6.6 + 14, WIDTH - 8);
  // The name stays on the drawing.
  const x = Math.max(width / 2 + 2, Math.min(WIDTH - width / 2 - 2, at.x)) - at.x;
  return (
    <>
      {isLost ? <path class="nat-cross" d="M-9 -31l18 18M9 -31l-18 18" /> : <circle r="7" cy="-22" />}
      <g transform={`translate(${x} -48)`}>
        <rect x={-width / 2} y="-13" width={width} height="20" rx="4" />
        <text y="2" text-anchor="middle">
          {words}
        </text>
      </g>
    </>
  );
}

interface NodeProps {
  readonly id: NodeId;
  readonly at: Point;
  readonly lines: readonly [string, string];
  readonly isActive: boolean;
}

function Node({ id, at: { x, y }, lines: [name, address], isActive }: NodeProps) {
  const isInternet = id === 'internet';
  return (
    <g class="nat-node" data-node={id} data-active={isActive || undefined}>
      {isInternet ? (
        <ellipse cx={x} cy={y} rx="92" ry="16" />
      ) : (
        <rect
          x={x - BOX.width / 2}
          y={y - BOX.height / 2}
          width={BOX.width}
          height={BOX.height}
          rx={id === 'a' || id === 'b' ? 22 : 5}
        />
      )}
      <text class="nat-name" x={x} y={isInternet ? y + 4 : y - 4} text-anchor="middle">
        {name}
      </text>
      {!isInternet && (
        <text class="nat-address" x={x} y={y + 13} text-anchor="middle">
          {address}
        </text>
      )}
    </g>
  );
}

/** Name and address of a place. */
function linesOf(
  id: NodeId,
  plan: NetworkPlan,
  hosts: Simulation['hosts'],
  behind: Simulation['behind'],
): readonly [string, string] {
  switch (id) {
    case 'a':
    case 'b':
      return [id === 'a' ? 'alice' : 'bob', hosts[id]];
    case 'server':
      return [
        { none: 'no server in use', stun: 'STUN server', turn: 'STUN and TURN' }[plan.servers],
        addresses.server,
      ];
    case 'internet':
      return ['the internet', ''];
    default: {
      const { behaviour, address } = natsOf(plan, behind)[id] ?? {};
      const kind = kindOf(behaviour);
      return [kind ? kindNames[kind].short : 'own mixture', address ?? ''];
    }
  }
}

function describe(plan: NetworkPlan, behind: Simulation['behind']): string {
  const nats = natsOf(plan, behind);
  const chain = (side: 'a' | 'b') =>
    behind[side]
      .map((id: NatId) => {
        const kind = kindOf(nats[id]?.behaviour);
        const whose = id === 'carrier' ? 'a carrier’s NAT' : 'a router';
        return `${whose} (${kind ? kindNames[kind].short : 'own mixture'})`;
      })
      .join(', then ') || 'no NAT';
  return `The simulated network. Between alice and the internet: ${chain('a')}. Between bob and the internet: ${chain('b')}.${plan.sameRouter ? ' Both are behind the same router.' : ''}`;
}

/** Each point of a way with the share of the time at which it is reached. */
function timed(way: readonly Point[]): { point: Point; offset: number }[] {
  const lengths = way.map((point, index) => {
    const before = way[index - 1] ?? point;
    return Math.hypot(point.x - before.x, point.y - before.y);
  });
  const total = lengths.reduce((sum, length) => sum + length, 0) || 1;
  let gone = 0;
  return way.map((point, index) => ({ point, offset: Math.min(1, (gone += lengths[index] ?? 0) / total) }));
}
