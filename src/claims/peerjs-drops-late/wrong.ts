import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ peerjs }: ClaimTools): Promise<string> {
  const { Peer, peerServer, idOf } = await peerjs('alice');
  const peer = new Peer(idOf('alice'), { ...peerServer, config: {} });
  const { ordered, maxRetransmits, maxPacketLifeTime } = peer.connect(idOf('bob'), {
    reliable: false,
  }).dataChannel;
  return `ordered: ${ordered}, maxRetransmits: ${maxRetransmits}, maxPacketLifeTime: ${maxPacketLifeTime}`;
}
