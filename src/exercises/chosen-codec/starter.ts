import type { Tools } from '../../lab-kit/exercise/tools.ts';

/** alice's end: she sends her picture. */
export async function call({ createPeer, signaling, media }: Tools): Promise<void> {
  const channel = signaling('alice');
  const stream = await media('alice');
  const pc = createPeer('alice');
  pc.addEventListener('icecandidate', ({ candidate }) => void channel.send('bob', { candidate }));
  channel.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
  });

  for (const track of stream.getVideoTracks())
    pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
  await pc.setLocalDescription();
  await channel.send('bob', { description: pc.localDescription });
}
