// tidy: closed 0
import type { Peer } from 'peerjs';

interface Given {
  /** alice’s; PeerServer knows it already. */
  readonly peer: Peer;
  /** bob’s id. */
  readonly bob: string;
  /** Opens her camera, or the drawn picture that stands in for it. */
  readonly media: () => Promise<MediaStream>;
}

export async function start({ peer, bob, media }: Given): Promise<void> {
  const stream = await media();
  peer.on('disconnected', () => peer.reconnect());
  dial();

  function dial(): void {
    peer.call(bob, stream).on('iceStateChanged', (state) => {
      if (state === 'disconnected') dial();
    });
  }
}
