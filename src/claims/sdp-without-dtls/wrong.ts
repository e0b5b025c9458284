import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const sdp = [
    'v=0',
    'o=- 4239044922 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'm=audio 49170 RTP/AVP 0',
    'c=IN IP4 192.0.2.101',
    'a=rtpmap:0 PCMU/8000',
    '',
  ].join('\r\n');
  const pc = createPeer();
  await pc.setRemoteDescription({ type: 'offer', sdp });
  return pc.signalingState;
}
