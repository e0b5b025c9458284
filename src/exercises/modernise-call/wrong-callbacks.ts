// calls: createOffer(function, function)
import type { Given } from './given.ts';

/** One end of a call. Both ends run it; `offers` is true at alice’s. */
export async function call(
  { createPeer, navigator, remote, channel, stunServer }: Given,
  other: string,
  offers: boolean,
): Promise<void> {
  const pc = createPeer({ iceServers: [{ urls: `stun:${stunServer}` }] });

  pc.addEventListener('track', ({ streams: [stream] }) => {
    if (stream) remote.srcObject = stream;
  });
  pc.addEventListener('icecandidate', ({ candidate }) => void channel.send(other, { candidate }));

  const stream = await navigator.mediaDevices.getUserMedia({
    audio: true,
    video: { width: { min: 320, ideal: 640 } },
  });
  for (const track of stream.getTracks()) pc.addTrack(track, stream);

  const describe = async () => {
    const send = offers ? 'createOffer' : 'createAnswer';
    await new Promise<void>((resolve, reject) => {
      const made = (description: RTCSessionDescriptionInit) => {
        pc.setLocalDescription(description).then(resolve, reject);
      };
      pc[send](made, reject);
    });
    await channel.send(other, { description: pc.localDescription! });
  };
  channel.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });
  if (offers) await describe();
}
