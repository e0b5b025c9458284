import type { PeerLabel } from '../../../rtc/timeline.ts';

/**
 * Who a connection belongs to: `alice` of `alice/2`, her second one, where alice takes part. In a meeting people choose
 * their names, and one may look like that.
 */
export function participantOf(label: PeerLabel, peers: readonly PeerLabel[]): PeerLabel {
  const name = /^(.+)\/(?:\d+|probe(?:-\d+)?)$/.exec(label)?.[1];
  return name !== undefined && peers.includes(name) ? name : label;
}

/** Everybody once, in the order of the peers. */
export const participantsOf = (peers: readonly PeerLabel[]): readonly PeerLabel[] =>
  peers.some((peer) => peer.includes('/'))
    ? [...new Set(peers.map((peer) => participantOf(peer, peers)))]
    : peers;
