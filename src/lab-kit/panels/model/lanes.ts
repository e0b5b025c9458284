import type { PeerLabel } from '../../../rtc/timeline.ts';
import { participantOf, participantsOf } from './participants.ts';

/** Where things stand in a ladder of a given width. Pixels from its left edge. */
export interface Lanes {
  readonly width: number;
  /** The lifelines, one for each participant; see {@link laneOf}. */
  readonly peers: ReadonlyMap<PeerLabel, Lane>;
  /** The line of what carries the signals: amid the peers, each signal passes it. */
  readonly carrierX: number | undefined;
  /** Further servers (STUN, TURN), at the right. */
  readonly servers: ReadonlyMap<string, number>;
  readonly timeWidth: number;
  /** Whether notes stand outside the two lifelines, where no arrow passes. */
  readonly isOutside: boolean;
}
export interface Lane {
  readonly x: number;
  /** Where the notes of this peer are written. */
  readonly notes: { readonly left: number; readonly width: number; readonly align: 'start' | 'end' };
}

/** From this width on the notes of two peers stand outside their lifelines. */
const OUTSIDE_FROM = 760;
const GAP = 14;

/** @param width pixels */
export function lanesOf(width: number, labels: readonly PeerLabel[], servers: readonly string[] = []): Lanes {
  const peers = participantsOf(labels);
  const timeWidth = width < 480 ? 58 : 68;
  const isOutside = width >= OUTSIDE_FROM && peers.length === 2 && servers.length === 0;
  const outside = isOutside ? Math.min(280, Math.round((width - timeWidth) * 0.27)) : 0;
  const left = timeWidth + (isOutside ? outside : GAP);
  const right = Math.max(left + 1, width - (isOutside ? outside : GAP + 4));

  const half = Math.ceil(peers.length / 2);
  const hasCarrier = peers.length > 1;
  const columns = peers.length + (hasCarrier ? 1 : 0) + servers.length;
  const step = (right - left) / Math.max(1, columns - 1);
  const at = (column: number) => Math.round(left + column * step);

  const lanes = new Map<PeerLabel, Lane>();
  for (const [index, peer] of peers.entries()) {
    const x = at(index < half ? index : index + (hasCarrier ? 1 : 0));
    const isLast = index > 0 && index === peers.length - 1 && servers.length === 0;
    const notes = isOutside
      ? isLast
        ? { left: x + GAP, width: width - x - GAP - 4, align: 'start' as const }
        : { left: timeWidth, width: x - GAP - timeWidth, align: 'end' as const }
      : isLast
        ? { left: left + GAP, width: x - left - 2 * GAP, align: 'end' as const }
        : { left: x + GAP, width: Math.max(1, right - x - 2 * GAP), align: 'start' as const };
    lanes.set(peer, { x, notes });
  }
  return {
    width,
    peers: lanes,
    carrierX: hasCarrier ? at(half) : undefined,
    servers: new Map(servers.map((server, index) => [server, at(columns - servers.length + index)])),
    timeWidth,
    isOutside,
  };
}

/** The lifeline of a peer: that of its participant, where it is one of several connections. */
export const laneOf = ({ peers }: Pick<Lanes, 'peers'>, peer: PeerLabel): Lane | undefined =>
  peers.get(peer) ?? peers.get(participantOf(peer, [...peers.keys()]));
