import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const people = 5;
  const calls: Promise<boolean>[] = [];
  for (let newcomer = 1; newcomer < people; newcomer++)
    for (let other = 0; other < newcomer; other++) calls.push(connect(createPeer(), createPeer()));
  const up = (await Promise.all(calls)).filter(Boolean).length;
  return `${people} people, ${up} of ${calls.length} connections are up`;
}

async function connect(newcomer: RTCPeerConnection, other: RTCPeerConnection): Promise<boolean> {
  newcomer.onicecandidate = ({ candidate }) => void other.addIceCandidate(candidate);
  other.onicecandidate = ({ candidate }) => void newcomer.addIceCandidate(candidate);
  const channel = newcomer.createDataChannel('words');
  const opened = new Promise<boolean>((resolve) => channel.addEventListener('open', () => resolve(true)));
  await newcomer.setLocalDescription();
  await other.setRemoteDescription(newcomer.localDescription!);
  await other.setLocalDescription();
  await newcomer.setRemoteDescription(other.localDescription!);
  return opened;
}
