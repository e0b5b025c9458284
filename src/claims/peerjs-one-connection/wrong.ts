import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ peerjs, media }: ClaimTools): Promise<string> {
  const { Peer, peerServer, idOf } = await peerjs('alice');
  const peer = new Peer(idOf('alice'), { ...peerServer, config: {} });
  const chat = peer.connect(idOf('bob'));
  const call = peer.call(idOf('bob'), media());
  const connections = new Set([chat.peerConnection, call.peerConnection]);
  return `${connections.size} connection${connections.size === 1 ? '' : 's'}`;
}
