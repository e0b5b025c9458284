import type { Strain } from '../../protocol/signaling.ts';
import { costOf, type Cost } from './cost.ts';
import type { Meeting } from './meeting.ts';
import { meter } from './meter.ts';

/** What a mesh may cost one page. */
export interface StrainLimits {
  /** Time in encoders of video per second, of all links: 1 is one core. */
  readonly encodeShare: number;
  /** Bits per second. */
  readonly upstreamBps: number;
}

/**
 * Half a core for encoding the same picture again and again; and 5 Mbit/s up, which is what many lines at home have in
 * this direction.
 */
const strainLimits: StrainLimits = { encodeShare: 0.5, upstreamBps: 5_000_000 };

/** So long it has to be too much, in milliseconds: a burst passes. */
const STRAINED_MS = 5_000;
/** It is said again only after so long: whoever may act on it has heard it. */
const AGAIN_MS = 30_000;

/** Notices when a mesh is too much for a page, and has been for a while. */
export class StrainGauge {
  readonly #limits: StrainLimits;
  #sinceMs: number | undefined;
  #saidMs = -Infinity;

  constructor(limits: StrainLimits = strainLimits) {
    this.#limits = limits;
  }

  /** @returns what to say, when it is time to say it */
  take({ measured, figures }: Cost, nowMs: number): Strain | undefined {
    const encodeShare = figures.encodeShare?.sum ?? 0;
    const upstreamBps = figures.upstreamBps?.sum ?? 0;
    const isStrained = encodeShare > this.#limits.encodeShare || upstreamBps > this.#limits.upstreamBps;
    if (!isStrained || measured === 0) this.#sinceMs = undefined;
    else this.#sinceMs ??= nowMs;
    const isLasting = this.#sinceMs !== undefined && nowMs - this.#sinceMs >= STRAINED_MS;
    if (!isLasting || nowMs - this.#saidMs < AGAIN_MS) return undefined;
    this.#saidMs = nowMs;
    return { links: measured, encodeShare, upstreamBps };
  }
}

/** Tells the server when the mesh is too much, where it may do something about it. */
export function watchStrain(
  { room, engine }: Pick<Meeting, 'room' | 'engine'>,
  signal: AbortSignal,
  limits?: StrainLimits,
): void {
  const gauge = new StrainGauge(limits);
  const mayHelp = () =>
    room.routing.auto &&
    room.topologies.includes('sfu') &&
    engine.kind === 'mesh' &&
    engine.switchingTo === null &&
    engine.links.size > 1;
  meter({
    links: () => engine.links,
    signal,
    isSeen: mayHelp,
    onMeasured: (measured) => {
      const strain = gauge.take(costOf([...measured.values()]), performance.now());
      if (strain) room.strain(strain).catch(() => {}); // said again while it lasts
    },
  });
}
