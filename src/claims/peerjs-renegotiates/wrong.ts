import type { MediaConnection } from 'peerjs';
import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ peerjs, media }: ClaimTools): Promise<string> {
  const open = async (name: string) => {
    const { Peer, peerServer, idOf } = await peerjs(name);
    const peer = new Peer(idOf(name), { ...peerServer, config: {} });
    await new Promise((resolve) => peer.on('open', resolve));
    return { peer, idOf };
  };
  const [alice, bob] = await Promise.all([open('alice'), open('bob')]);
  const called = new Promise<MediaConnection>((resolve) => bob.peer.on('call', resolve));
  const stream = media();
  const call = alice.peer.call(alice.idOf('bob'), new MediaStream(stream.getAudioTracks()));
  const pc = call.peerConnection;
  const atBob = await called;
  const came = new Promise((resolve) => atBob.on('stream', resolve));
  atBob.answer();
  await came;
  await until(() => pc.signalingState === 'stable' && pc.connectionState === 'connected');

  const offer = pc.localDescription?.sdp;
  const needed = new Promise((resolve) => pc.addEventListener('negotiationneeded', resolve));
  for (const track of stream.getVideoTracks()) pc.addTrack(track, stream);
  await needed;
  await new Promise((resolve) => setTimeout(resolve, 500));
  const offers = pc.localDescription?.sdp === offer && pc.signalingState === 'stable' ? 1 : 2;
  return `negotiationneeded fired; offers: ${offers}; bob has ${atBob.remoteStream.getTracks().length} track`;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50));
}
