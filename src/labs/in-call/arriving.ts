import { fold, type Fold } from '../../lab-kit/panels/model/fold.ts';
import type { InboundSample } from '../../rtc/stats/sample.ts';
import type { Entry } from '../../rtc/timeline.ts';

/** One m-line as the receiver's last sample tells of it. */
export interface Section {
  readonly mid: string;
  readonly kind: 'audio' | 'video';
  readonly packetsPerSecond: number | undefined;
  readonly framesPerSecond: number | undefined;
  readonly bitrateBps: number | undefined;
}

/** What was negotiated, and what arrives. */
export interface Arriving {
  /** Offers that were made, by both ends. */
  offers: number;
  /** Those since the last button. */
  offersSince: number;
  /** What the last button said; undefined before the first. */
  button: string | undefined;
  sections: readonly Section[];
}

const BUTTON = 'button: ';

/** @param receiver whose statistics are read */
export function arrivingFold(receiver: string): Fold<Arriving> {
  return fold<Arriving>(
    () => ({ offers: 0, offersSince: 0, button: undefined, sections: [] }),
    (state, entry: Entry) => {
      if (entry.kind === 'description' && entry.side === 'local' && entry.type === 'offer') {
        state.offers++;
        state.offersSince++;
      } else if (entry.kind === 'note' && entry.text.startsWith(BUTTON)) {
        state.button = entry.text.slice(BUTTON.length);
        state.offersSince = 0;
      } else if (entry.kind === 'stats' && entry.peer === receiver)
        state.sections = entry.sample.inbound.flatMap(sectionOf).toSorted((a, b) => order(a.mid, b.mid));
    },
  );
}

const order = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });

function sectionOf({ mid, kind, packetsPerSecond, framesPerSecond, bitrateBps }: InboundSample): Section[] {
  return mid === undefined ? [] : [{ mid, kind, packetsPerSecond, framesPerSecond, bitrateBps }];
}

/** What a section carries now, in words. */
export function carries({ kind, packetsPerSecond, framesPerSecond, bitrateBps }: Section): string {
  if (!packetsPerSecond || bitrateBps === undefined) return 'nothing';
  const rate = `${Math.round(bitrateBps / 1000)} kbit/s`;
  const [count, what] = kind === 'video' ? [framesPerSecond ?? 0, 'frame'] : [packetsPerSecond, 'packet'];
  return `${Math.round(count)} ${what}${Math.round(count) === 1 ? '' : 's'} a second, ${rate}`;
}
