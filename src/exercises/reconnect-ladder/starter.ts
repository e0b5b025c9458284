import type { Tools } from '../../lab-kit/exercise/tools.ts';

/** alice's end of a call that finds its way back. */
export async function start({ createPeer, signaling, media }: Tools): Promise<void> {
  const stream = await media('alice');
  const channel = signaling('alice');
  let pc = open();

  channel.receive(async (_, signal) => {
    if ('description' in signal) await pc.setRemoteDescription(signal.description);
    else await pc.addIceCandidate(signal.candidate).catch(() => {}); // perhaps of an offer that was given up
  });

  function open(): RTCPeerConnection {
    const opened = createPeer('alice');
    opened.addEventListener('icecandidate', ({ candidate }) => void channel.send('bob', { candidate }));
    opened.addEventListener('negotiationneeded', () => void offer(opened));
    opened.addEventListener('connectionstatechange', () => {
      if (opened.connectionState === 'disconnected') void climb();
    });
    for (const track of stream.getTracks()) opened.addTrack(track, stream);
    return opened;
  }

  async function offer(from: RTCPeerConnection): Promise<void> {
    await from.setLocalDescription();
    await channel.send('bob', { description: from.localDescription });
  }

  /** Called when the connection is disconnected: brings it back. */
  async function climb(): Promise<void> {}
}
