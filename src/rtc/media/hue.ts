import { botRank } from './bot-rank.ts';
import { hash } from './tone.ts';

/** Hues in degrees, as in the page's own colours: teal for the one who offers, amber for the one who answers. */
const hues: Readonly<Record<string, number>> = { alice: 176, bob: 36, carol: 263, dave: 337 };

/** The hue of a peer's picture, 0 … 359.5 degrees; the same for the same name, everywhere. */
export function hueOf(peer: string): number {
  const rank = botRank(peer);
  return rank === undefined ? (hues[peer] ?? hash(peer) % 360) : rank * 22.5;
}
