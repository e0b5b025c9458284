import type { Tools } from '../../lab-kit/exercise/tools.ts';

/** One end of a call; both ends run it. `_offers` is true at one of them, and nobody looks at it yet. */
export async function call(
  { createPeer, signaling, media }: Tools,
  self: string,
  other: string,
  _offers: boolean,
): Promise<void> {
  const channel = signaling(self);
  const stream = await media(self);
  const sends = createPeer(self);
  const receives = createPeer(self);
  for (const track of stream.getTracks()) sends.addTrack(track, stream);

  const describe = async (pc: RTCPeerConnection) => {
    await pc.setLocalDescription();
    await gathered(pc); // a candidate would not say which of the two connections it is for
    await channel.send(other, { description: pc.localDescription });
  };

  channel.receive(async (_, signal) => {
    if ('candidate' in signal) return;
    if (signal.description.type === 'answer') return sends.setRemoteDescription(signal.description);
    await receives.setRemoteDescription(signal.description);
    await describe(receives);
  });

  await describe(sends);
}

function gathered(pc: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (pc.iceGatheringState === 'complete') resolve();
    };
    pc.addEventListener('icegatheringstatechange', look);
    look();
  });
}
