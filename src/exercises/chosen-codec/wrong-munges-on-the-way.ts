// untouched: sent another text
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
  const sdp = edited(pc.localDescription?.sdp ?? '');
  await channel.send('bob', { description: { type: 'offer', sdp } });
}

/** Moves the payload type of VP9 to the front of the m-line. */
function edited(sdp: string): string {
  const type = /^a=rtpmap:(\d+) VP9/m.exec(sdp)?.[1] ?? '';
  return sdp.replace(
    /^(m=video \S+ \S+)(.*)$/m,
    (_, start: string, types: string) =>
      `${start} ${[
        type,
        ...types
          .trim()
          .split(' ')
          .filter((one) => one !== type),
      ].join(' ')}`,
  );
}
