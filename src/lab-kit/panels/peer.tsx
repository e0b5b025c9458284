import type { PeerLabel } from '../../rtc/timeline.ts';
import { participantOf, participantsOf } from './model/participants.ts';

const colours = ['var(--ps-offerer)', 'var(--ps-answerer)', 'var(--ps-peer-3)', 'var(--ps-peer-4)'];

/**
 * The colour of a peer by its place among the lifelines; the bench itself has none. Further connections of one
 * participant (`alice/2`) have the colour of the first.
 */
export function peerColour(peers: readonly PeerLabel[], peer: PeerLabel): string {
  const place = participantsOf(peers).indexOf(participantOf(peer, peers));
  return place < 0 ? 'var(--ps-muted)' : (colours[Math.min(place, colours.length - 1)] ?? 'var(--ps-muted)');
}

/** A peer's name in its colour. */
export function PeerName({ peers, peer }: { peers: readonly PeerLabel[]; peer: PeerLabel }) {
  return (
    <span class="ps-peer" style={{ '--peer': peerColour(peers, peer) }}>
      {peer}
    </span>
  );
}
