import { QUEUE_MS, type Impairment } from '../../../protocol/impairment.ts';
import { impairmentOf, type FaultPlan, type WireRule } from '../../../rtc/faults/plan.ts';
import type { PeerLabel } from '../../../rtc/timeline.ts';

/** A slider of the lossy wire: the values that it stops at, and what they are called. */
export interface Slider {
  readonly name: keyof Impairment;
  readonly label: string;
  readonly stops: readonly number[];
  readonly words: (value: number) => string;
}

const percents = [0, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 75, 100];
const some = (nothing: string, words: (value: number) => string) => (value: number) =>
  value === 0 ? nothing : words(value);

export const sliders: readonly Slider[] = [
  { name: 'lossPct', label: 'Loss', stops: percents, words: some('none', (value) => `${value} % are lost`) },
  {
    name: 'delayMs',
    label: 'Delay',
    stops: [0, 10, 20, 40, 60, 80, 100, 150, 200, 300, 500, 750, 1_000, 2_000],
    words: some('none', (value) => `${value} ms late`),
  },
  {
    name: 'jitterMs',
    label: 'Jitter',
    stops: [0, 5, 10, 20, 40, 60, 80, 100, 150, 200, 300, 500, 1_000],
    words: some('none', (value) => `up to ${value} ms more`),
  },
  {
    name: 'reorderPct',
    label: 'Order',
    stops: percents,
    words: some('kept', (value) => `${value} % are passed`),
  },
  {
    name: 'duplicatePct',
    label: 'Copies',
    stops: percents,
    words: some('none', (value) => `${value} % come twice`),
  },
  {
    name: 'rateKbps',
    label: 'Rate',
    stops: [0, 10_000, 5_000, 3_000, 2_000, 1_500, 1_000, 700, 500, 300, 200, 100, 64, 32],
    words: some('no limit', (value) => `${value} kbit/s`),
  },
];

/** Belongs to the rate: how long what is above it may wait. */
export const queueSlider: Slider = {
  name: 'queueMs',
  label: 'Queue',
  stops: [20, 50, 100, QUEUE_MS, 500, 1_000, 2_000, 5_000],
  words: (value) => `${value} ms at most`,
};

/** The stop that is nearest to a value; one from a link may lie between two. */
export function stopOf({ stops }: Slider, value: number): number {
  let best = 0;
  stops.forEach((stop, at) => {
    if (Math.abs(stop - value) < Math.abs((stops[best] ?? 0) - value)) best = at;
  });
  return best;
}

export interface Direction {
  readonly from: PeerLabel;
  readonly to: PeerLabel;
}

/** Both directions of each pair. */
export function directionsOf(peers: readonly PeerLabel[]): readonly Direction[] {
  const directions: Direction[] = [];
  for (let at = 0; at + 1 < peers.length; at += 2) {
    const [one = '', other = ''] = peers.slice(at, at + 2);
    directions.push({ from: one, to: other }, { from: other, to: one });
  }
  return directions;
}

/** What is done in a direction. */
export function wireOf({ wire = [] }: FaultPlan, { from, to }: Direction): Impairment {
  const rule = wire.find((one) => one.from === from && one.to === to);
  return rule ? impairmentOf(rule) : {};
}

/** The plan with another wire in these directions; what does nothing is left out. */
export function withWire(
  plan: FaultPlan,
  directions: readonly Direction[],
  impairment: Impairment,
): FaultPlan {
  const { wire = [], ...rest } = plan;
  const isMeant = (rule: Direction) =>
    directions.some(({ from, to }) => from === rule.from && to === rule.to);
  const chosen = Object.fromEntries(
    Object.entries(impairment).filter(
      ([name, value]) => value > 0 && (name !== 'queueMs' || impairment.rateKbps),
    ),
  ) as Impairment;
  const rules: readonly WireRule[] = [
    ...wire.filter((rule) => !isMeant(rule)),
    ...(Object.keys(chosen).length > 0 ? directions.map(({ from, to }) => ({ from, to, ...chosen })) : []),
  ];
  return rules.length > 0 ? { ...rest, wire: [...rules] } : rest;
}

/** Wires that everybody knows, for both directions. */
export const wirePresets: readonly { readonly name: string; readonly impairment: Impairment }[] = [
  { name: '5 % loss + 150 ms', impairment: { lossPct: 5, delayMs: 150 } },
  {
    name: 'Wi-Fi at the edge',
    impairment: { lossPct: 3, delayMs: 10, jitterMs: 60, reorderPct: 1, rateKbps: 3_000 },
  },
  {
    name: 'Train',
    impairment: { lossPct: 2, delayMs: 80, jitterMs: 150, rateKbps: 1_000, queueMs: 1_000 },
  },
];
