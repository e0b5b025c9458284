// same: was called 2 times
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
  peer.on('disconnected', () => peer.reconnect());
  await dial();

  async function dial(): Promise<void> {
    const call = peer.call(bob, await media());
    call.on('iceStateChanged', (state) => {
      if (state !== 'disconnected') return;
      call.close();
      void dial();
    });
  }
}
