import type { Peer } from 'peerjs';

interface Given {
  /** alice’s; PeerServer knows it already. */
  readonly peer: Peer;
  /** bob’s id. */
  readonly bob: string;
  /** Opens her camera, or the drawn picture that stands in for it. */
  readonly media: () => Promise<MediaStream>;
}

/** alice’s end of a call that finds its way back. */
export async function start({ peer, bob, media }: Given): Promise<void> {
  const stream = await media();
  const call = peer.call(bob, stream);
  call.on('close', () => console.log('PeerJS has closed the call'));
}
