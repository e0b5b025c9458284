import type { LinkState } from '../../../rtc/meeting/engine.ts';
import type { LinkRates } from '../../../rtc/meeting/rates.ts';
import { inBitrate } from '../../panels/model/format.ts';

/** How a link stands, in a few words. */
export function stateWords(state: LinkState | undefined): string {
  if (!state) return 'no connection yet';
  if (state.is === 'restarting') return `restarting ICE, attempt ${state.attempt}`;
  if (state.is === 'rebuilding') return `connecting anew, attempt ${state.attempt}`;
  return state.is;
}

/** `direct, udp`, `relay, tls`: the protocol is that of our own end. */
export const pathWords = ({ path }: LinkRates = {}): string => (path ? `${path.by}, ${path.protocol}` : '—');

/** A rate, or a dash where it is not known. */
export const rateWords = (bps: number | undefined): string => (bps === undefined ? '—' : inBitrate(bps));

/** Both directions, as seen from here. */
export const bothWays = ({ upstreamBps, downstreamBps }: LinkRates = {}): string =>
  upstreamBps === undefined && downstreamBps === undefined
    ? '—'
    : `↑ ${rateWords(upstreamBps)}  ↓ ${rateWords(downstreamBps)}`;

/** The arrows of {@link bothWays}, for those who hear them. */
export const bothWaysSaid = ({ upstreamBps, downstreamBps }: LinkRates = {}): string =>
  `${rateWords(upstreamBps)} up, ${rateWords(downstreamBps)} down`;
