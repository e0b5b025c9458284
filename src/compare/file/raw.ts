import type { Participant } from '../../lab-kit/compare/define.ts';
import { join } from '../_shared/signaling.ts';
import { check, makeFile, sha256 } from './file.ts';

const CHUNK = 64 * 1024; // [1]
const ENOUGH = 512 * 1024;

export async function alice(me: Participant): Promise<void> {
  const pc = await meet(me, 'bob');
  const channel = pc.createDataChannel('file');
  channel.bufferedAmountLowThreshold = ENOUGH / 2;
  await once(channel, 'open');

  const file = makeFile();
  channel.send(JSON.stringify({ size: file.length, sha256: await sha256(file) })); // [2]
  let most = 0;
  for (let at = 0; at < file.length; at += CHUNK) {
    if (channel.bufferedAmount > ENOUGH) await once(channel, 'bufferedamountlow'); // [3]
    channel.send(file.subarray(at, at + CHUNK));
    most = Math.max(most, channel.bufferedAmount);
  }
  me.tell(`Never more than ${most} bytes have waited in the channel.`);
}

export async function bob(me: Participant): Promise<void> {
  const pc = await meet(me, 'alice');
  pc.addEventListener('datachannel', ({ channel }) => {
    channel.binaryType = 'arraybuffer'; // [4]
    let announced: { size: number; sha256: string };
    let file: Uint8Array<ArrayBuffer>;
    let filled = 0;
    channel.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') {
        announced = JSON.parse(data) as typeof announced;
        file = new Uint8Array(announced.size);
        return;
      }
      file.set(new Uint8Array(data as ArrayBuffer), filled);
      filled += (data as ArrayBuffer).byteLength; // [5]
      if (filled < announced.size) return;
      void check(file, announced.sha256).then((verdict) => me.tell(verdict));
    });
  });
}

async function meet(me: Participant, other: string): Promise<RTCPeerConnection> {
  const signaling = await join(me);
  const pc = new RTCPeerConnection(me.configuration);
  me.signal.addEventListener('abort', () => pc.close());

  const describe = async () => {
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription! });
  };
  pc.addEventListener('negotiationneeded', () => void describe());
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });
  return pc;
}

const once = (target: EventTarget, event: string) =>
  new Promise((resolve) => target.addEventListener(event, resolve, { once: true }));
/*
[1] What any browser takes as one message; pc.sctp.maxMessageSize says how much this pair of them would.
[2] A channel has messages, not files: where one begins and ends is for the page to say.
[3] Back-pressure: send() never waits, it only fills a buffer, and throws when there is no room in it (webrtc-pc §6.2).
[4] The default in the standard, but a Blob in Firefox for a long time, and a Blob has to be waited for.
[5] How much is there is known after each message: this is where a progress bar reads it.
*/
