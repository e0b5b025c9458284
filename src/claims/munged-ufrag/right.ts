import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const [pc, other] = [createPeer(), createPeer()];
  pc.createDataChannel('chat');
  await pc.setLocalDescription();
  const before = nameIn(pc);
  await other.setRemoteDescription(pc.localDescription!);
  await other.setLocalDescription();
  await pc.setRemoteDescription(other.localDescription!);

  pc.restartIce();
  await pc.setLocalDescription();
  return `${nameIn(pc) === before ? 'the same' : 'another'} name, made by the browser`;
}

const nameIn = (pc: RTCPeerConnection) => /a=ice-ufrag:(\S+)/.exec(pc.localDescription!.sdp)?.[1];
