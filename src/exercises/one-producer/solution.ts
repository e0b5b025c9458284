import type { Tools } from '../../lab-kit/exercise/tools.ts';

let tools: Tools;
let stream: MediaStream;
const connections = new Map<string, RTCPeerConnection>();

export function start(given: Tools, mine: MediaStream): void {
  tools = given;
  stream = mine;
  tools.signaling('alice').receive(async (from, signal) => {
    const pc = connections.get(from);
    if ('candidate' in signal) await pc?.addIceCandidate(signal.candidate);
    else await pc?.setRemoteDescription(signal.description);
  });
}

/** Somebody has come and waits for an offer. */
export async function viewerCame(id: string): Promise<void> {
  const signaling = tools.signaling('alice');
  const pc = tools.createPeer(`alice-${id}`);
  connections.set(id, pc);
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(id, { candidate }));
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  await pc.setLocalDescription();
  await signaling.send(id, { description: pc.localDescription });
}

/** Somebody has gone. */
export function viewerLeft(id: string): void {
  connections.get(id)?.close();
  connections.delete(id);
}
