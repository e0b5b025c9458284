// one: alice has opened 2 connections
import type { Tools } from '../../lab-kit/exercise/tools.ts';

let addTrack: () => Promise<void> = async () => {};

export async function call(
  { createPeer, signaling, media }: Tools,
  self: string,
  other: string,
  offers: boolean,
): Promise<void> {
  const channel = signaling(self);
  let pc = open();
  let offersSeen = 0;

  function open(): RTCPeerConnection {
    const opened = createPeer(self);
    opened.addEventListener('icecandidate', ({ candidate }) => void channel.send(other, { candidate }));
    return opened;
  }
  const describe = async () => {
    await pc.setLocalDescription();
    await channel.send(other, { description: pc.localDescription });
  };
  channel.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    if (signal.description.type === 'offer' && ++offersSeen > 1) pc = open();
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });

  if (!offers) return;
  const stream = await media(self);
  for (const track of stream.getAudioTracks()) pc.addTrack(track, stream);
  addTrack = async () => {
    pc = open();
    for (const track of stream.getTracks()) pc.addTrack(track, stream);
    await describe();
  };
  await describe();
}

export async function addPicture(): Promise<void> {
  await addTrack();
}
