import type { Participant } from '../../lab-kit/compare/define.ts';
import { join } from '../_shared/signaling.ts';

export async function alice(me: Participant): Promise<void> {
  const { pc, describe } = await prepare(me, 'bob');
  await describe();

  await me.moment('screen');
  const [screen] = (await me.openScreen()).getVideoTracks();
  const sender = pc.getSenders().find(({ track }) => track?.kind === 'video');
  await sender!.replaceTrack(screen!); // [1]
  me.tell(`bob gets my screen. signalingState is ${pc.signalingState}: no offer was needed.`);
}

export async function bob(me: Participant): Promise<void> {
  await prepare(me, 'alice'); // [2]
}

async function prepare(me: Participant, other: string) {
  const [signaling, stream] = await Promise.all([join(me), me.openMedia()]);
  const pc = new RTCPeerConnection(me.configuration);
  me.signal.addEventListener('abort', () => pc.close());
  for (const track of stream.getTracks()) pc.addTrack(track, stream);

  const describe = async () => {
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription! });
  };
  pc.addEventListener('track', ({ streams: [remote] }) => me.show(remote!, other));
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });
  return { pc, describe };
}
/*
[1] The sender stays, and so do its m-section, its SSRC and its keys: it gets its pictures from elsewhere
    (webrtc-pc §5.2, replaceTrack).
[2] bob is told nothing. No event fires; his picture has another size all at once, and its <video> fires resize.
*/
