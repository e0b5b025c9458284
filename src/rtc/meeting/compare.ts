import type { Topology } from '../../protocol/middlebox.ts';
import { figureNames, type Cost, type FigureName } from './cost.ts';

/** What a topology costs one client. A figure that is not known is absent. */
export interface Bill {
  readonly connections: number;
  readonly figures: Readonly<Partial<Record<FigureName, number>>>;
}

/** A bill that was measured while its topology was in use. */
export interface MeasuredBill extends Bill {
  readonly at: Date;
  /** In the meeting at that time, ourselves included. */
  readonly people: number;
}

/** What is known of a topology's cost, and from where. */
export type Known =
  | { readonly is: 'now'; readonly bill: Bill; readonly people: number }
  /** While it was in use, earlier in this meeting. */
  | { readonly is: 'before'; readonly bill: MeasuredBill }
  /** By {@link projectedBill}, from a mesh that was measured. */
  | { readonly is: 'projected'; readonly bill: Bill; readonly from: MeasuredBill; readonly people: number }
  | { readonly is: 'unknown' };

/**
 * What three layers of simulcast cost beside one: each has a quarter of the pixels of the one above, and is reckoned at
 * a quarter of its bits and of its time. 1 + 1/4 + 1/16.
 */
export const SIMULCAST_FACTOR = 1 + 1 / 4 + 1 / 16;
const SIMULCAST_LAYERS = 3;

const sending = new Set<FigureName>(['encoders', 'upstreamBps', 'encodeShare']);

/** What was measured, as a bill. */
export const billOf = ({ connections, figures }: Cost): Bill => ({
  connections,
  figures: Object.fromEntries(
    figureNames.flatMap((name) => {
      const figure = figures[name];
      return figure ? [[name, figure.sum]] : [];
    }),
  ),
});

/**
 * What a topology would cost this client with the pictures and sounds of a mesh that was measured.
 *
 * A mean link of the mesh sends our media once and receives those of one other. Mesh: that, once for each of the others.
 * SFU: sent once, in three layers ({@link SIMULCAST_FACTOR}), received from each of the others. MCU: sent once, received
 * once. It is an upper bound for the SFU downstream, which sends small tiles small, and knows nothing of the server.
 *
 * @param others how many others there are, 0 or more
 */
export function projectedBill({ connections, figures }: Bill, topology: Topology, others: number): Bill {
  const links = Math.max(1, connections);
  const factorOf = (name: FigureName): number => {
    const isSent = sending.has(name);
    if (topology === 'mesh') return others;
    if (topology === 'mcu') return 1;
    if (!isSent) return others;
    return name === 'encoders' ? SIMULCAST_LAYERS : SIMULCAST_FACTOR;
  };
  return {
    connections: topology === 'mesh' ? others : 2,
    figures: Object.fromEntries(
      figureNames.flatMap((name) => {
        const sum = figures[name];
        return sum === undefined ? [] : [[name, (sum / links) * factorOf(name)]];
      }),
    ),
  };
}

export interface CompareOptions {
  readonly inUse: Topology;
  /** Of the topology in use, in the last second. */
  readonly now: Cost;
  /** In the meeting now, ourselves included. */
  readonly people: number;
  /** The last bill of each topology that was in use. */
  readonly before: ReadonlyMap<Topology, MeasuredBill>;
}

/** What is known of the cost of one topology: measured now, measured before, projected, or nothing. */
export function knownOf(topology: Topology, { inUse, now, people, before }: CompareOptions): Known {
  if (topology === inUse) return { is: 'now', bill: billOf(now), people };
  const kept = before.get(topology);
  if (kept) return { is: 'before', bill: kept };
  const mesh =
    inUse === 'mesh' && now.measured > 0 ? { ...billOf(now), at: new Date(), people } : before.get('mesh');
  if (!mesh || mesh.connections === 0) return { is: 'unknown' };
  return { is: 'projected', bill: projectedBill(mesh, topology, people - 1), from: mesh, people };
}
