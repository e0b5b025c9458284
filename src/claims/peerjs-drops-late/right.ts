import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ peerjs }: ClaimTools): Promise<string> {
  const { Peer, peerServer, idOf } = await peerjs('alice');
  const peer = new Peer(idOf('alice'), { ...peerServer, config: {} });
  const { peerConnection } = peer.connect(idOf('bob'));
  const { ordered, maxRetransmits, maxPacketLifeTime } = peerConnection.createDataChannel('fast', {
    negotiated: true,
    id: 100,
    ordered: false,
    maxRetransmits: 0,
  });
  return `ordered: ${ordered}, maxRetransmits: ${maxRetransmits}, maxPacketLifeTime: ${maxPacketLifeTime}`;
}
