import type { Participant } from '../../lab-kit/compare/define.ts';
import { join } from '../_shared/signaling.ts';

export async function alice(me: Participant): Promise<void> {
  const { pc, describe } = await prepare(me, 'bob');
  pc.createDataChannel('chat');
  await describe();

  await me.moment('hang-up');
  pc.close(); // [1]
}

export async function bob(me: Participant): Promise<void> {
  const { pc } = await prepare(me, 'alice');
  pc.addEventListener('datachannel', ({ channel }) => {
    channel.addEventListener('close', () => {
      me.tell(`The channel says close; connectionState is ${pc.connectionState}.`); // [2]
      pc.close();
    });
  });
  pc.addEventListener('connectionstatechange', () => me.tell(`connectionState: ${pc.connectionState}`)); // [3]
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
[1] No word is sent that a page would hear. Both transports say goodbye to their other end: SCTP aborts, and with it each
    channel; DTLS sends close_notify.
[2] The channel tells it at once, in Chromium with an error event before. Without one only the state of the DTLS
    transport is closed, at pc.getReceivers()[0].transport.
[3] The connection itself notices by silence: disconnected after some 7 s, failed after 17 s in Chromium and 27 s in
    Firefox. So does everything when a page or a network dies. For more than that say goodbye over the signaling.
*/
