import { sum, type LinkRates } from './rates.ts';

/** What is summed up over the links, and grows with each of them. */
export const figureNames = [
  'encoders',
  'decoders',
  'upstreamBps',
  'downstreamBps',
  'encodeShare',
  'decodeShare',
] as const satisfies readonly (keyof LinkRates)[];
export type FigureName = (typeof figureNames)[number];

/** A sum, and over how many links it was measured. */
export interface Figure {
  readonly sum: number;
  readonly links: number;
}

/** What the links of a meeting cost this client now. A figure that no link tells is absent. */
export interface Cost {
  /** Connections that there are, up or not. */
  readonly connections: number;
  /** Those of which something was measured. */
  readonly measured: number;
  readonly relayed: number;
  readonly figures: Readonly<Partial<Record<FigureName, Figure>>>;
  /** Mean of the links that tell it. Milliseconds. */
  readonly roundTripMs?: number;
}

/** Sums up what was measured. @param links the rates of each link; those without any are links that are not up */
export function costOf(links: readonly LinkRates[]): Cost {
  const figures: Partial<Record<FigureName, Figure>> = {};
  for (const name of figureNames) {
    const told = links.map((rates) => rates[name]).filter((value) => value !== undefined);
    if (told.length > 0) figures[name] = { sum: sum(told), links: told.length };
  }
  const trips = links.map(({ roundTripMs }) => roundTripMs).filter((value) => value !== undefined);
  return {
    connections: links.length,
    measured: links.filter(isMeasured).length,
    relayed: links.filter(({ path }) => path?.by === 'relay').length,
    figures,
    ...(trips.length > 0 && { roundTripMs: sum(trips) / trips.length }),
  };
}

const isMeasured = (rates: LinkRates): boolean => figureNames.some((name) => rates[name] !== undefined);

/** What one figure becomes with more participants. */
export interface Projected {
  /** Mean of the links that were measured. */
  readonly perLink: number;
  readonly links: number;
  /** `perLink` times the number of those who come. */
  readonly added: number;
  readonly total: number;
}

/**
 * What more participants would cost this client in a mesh, if each of them cost what the mean of the present links
 * does: each is one more connection, over which everything is encoded and sent once more.
 *
 * It knows nothing of where the line or the processor ends: there the browser sends smaller pictures, and later fewer.
 *
 * @param more how many come, 0 or more
 * @returns nothing for a figure that was not measured
 * @throws {RangeError} when `more` is no whole number of 0 or more
 */
export function projectedCost(
  { figures }: Cost,
  more: number,
): Readonly<Partial<Record<FigureName, Projected>>> {
  if (!Number.isInteger(more) || more < 0) throw new RangeError(`more is ${more}: a whole number, 0 or more`);
  const projected: Partial<Record<FigureName, Projected>> = {};
  for (const name of figureNames) {
    const figure = figures[name];
    if (!figure) continue;
    const perLink = figure.sum / figure.links;
    const added = perLink * more;
    projected[name] = { perLink, links: figure.links, added, total: figure.sum + added };
  }
  return projected;
}
