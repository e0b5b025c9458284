// offers: copies of another
import type { Tools } from '../../lab-kit/exercise/tools.ts';

let tools: Tools;
let stream: MediaStream;
let pc: RTCPeerConnection | undefined;

export function start(given: Tools, mine: MediaStream): void {
  tools = given;
  stream = mine;
  tools.signaling('alice').receive(async (_, signal) => {
    if ('candidate' in signal) await pc?.addIceCandidate(signal.candidate);
    else await pc?.setRemoteDescription(signal.description);
  });
}

/** Somebody has come and waits for an offer. */
export async function viewerCame(id: string): Promise<void> {
  const signaling = tools.signaling('alice');
  pc ??= tools.createPeer('alice-all');
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(id, { candidate }));
  if (pc.getSenders().length === 0) for (const track of stream.getTracks()) pc.addTrack(track, stream);
  await pc.setLocalDescription();
  await signaling.send(id, { description: pc.localDescription });
}

/** Somebody has gone. */
export function viewerLeft(id: string): void {
  tools.log(id, 'has gone');
}
