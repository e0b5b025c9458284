import type { Bench } from '../../rtc/bench.ts';
import { openDrawnDisplay } from '../../rtc/media/drawn-display.ts';

/** A drawn desktop in the place of getDisplayMedia(), so that no picker has to be answered. It ends with the run. */
export function openScreen({ signal }: Pick<Bench, 'signal'>): MediaStreamTrack {
  return openDrawnDisplay({ signal, width: 640, height: 360 }).track;
}
