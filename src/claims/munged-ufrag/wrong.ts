import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  pc.createDataChannel('chat');
  const { sdp = '' } = await pc.createOffer();
  await pc.setLocalDescription({
    type: 'offer',
    sdp: sdp.replaceAll(/a=ice-ufrag:\S+/g, 'a=ice-ufrag:abcdefgh'),
  });
  return `accepted: ${/a=ice-ufrag:(\S+)/.exec(pc.localDescription!.sdp)?.[1]}`;
}
