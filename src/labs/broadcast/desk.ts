import { signal } from '@preact/signals';
import type { Bench } from '../../rtc/bench.ts';
import type { SegmentsOptions } from '../../rtc/broadcast/segment-player.ts';
import { openSyntheticMedia } from '../../rtc/media/synthetic.ts';

/** Small enough for a page that encodes it, decodes it twice and shows it. */
const STUDIO = { width: 480, height: 270, frameRate: 15 };

/** alice's picture and tone, drawn. They end with the run. */
export const openStudio = ({ signal: ends }: Pick<Bench, 'signal'>): MediaStream =>
  openSyntheticMedia({ peer: 'alice', signal: ends, video: STUDIO }).stream;

/** Where the pieces are, once the broadcast is on. */
export class Desk {
  readonly segments = signal<SegmentsOptions | undefined>(undefined);

  open(options: SegmentsOptions): void {
    this.segments.value = options;
  }
}

const desks = new WeakMap<Bench<never> | Bench, Desk>();

/** The desk of a run; the same one for the run and for its panel. */
export function deskOf(bench: Bench<never> | Bench): Desk {
  const desk = desks.get(bench) ?? new Desk();
  desks.set(bench, desk);
  return desk;
}
