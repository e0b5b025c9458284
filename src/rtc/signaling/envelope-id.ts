import type { PageId, PeerId } from '../../protocol/signaling.ts';

/** Both ends know these three, and together they name one signal. */
export function envelopeId(fromPage: PageId, from: PeerId, sequence: number): string {
  return `${fromPage}-${from}-${sequence}`;
}
