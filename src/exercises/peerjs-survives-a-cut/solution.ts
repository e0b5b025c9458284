import type { MediaConnection, Peer } from 'peerjs';

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
  peer.on('disconnected', () => peer.reconnect());
  dial();

  function dial(): void {
    if (!peer.open) return void peer.once('open', dial); // what is sent before that is lost
    const call = peer.call(bob, stream);
    call.on('iceStateChanged', (state) => {
      if (state === 'disconnected') void callAgain(call);
    });
  }

  async function callAgain(call: MediaConnection): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 1_000)); // perhaps it was only a tunnel
    const now = call.peerConnection?.iceConnectionState; // PeerJS forgets it when it closes the call
    if (now === 'connected' || now === 'completed') return;
    call.close();
    dial();
  }
}
