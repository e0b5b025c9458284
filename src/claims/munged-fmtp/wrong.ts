import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  pc.addTransceiver('audio');
  const { sdp = '' } = await pc.createOffer();
  const edited = sdp.replace(/(useinbandfec=1)/, '$1;stereo=1;maxaveragebitrate=20000');
  await pc.setLocalDescription({ type: 'offer', sdp: edited });
  const isIn = /maxaveragebitrate=20000/.test(pc.localDescription!.sdp);
  return `accepted, stereo=1 is ${isIn ? '' : 'not '}in the local description`;
}
