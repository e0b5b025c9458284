import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const sdp = [
    'v=0',
    'o=- 4239044922 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 0',
    'c=IN IP4 0.0.0.0',
    'a=rtpmap:0 PCMU/8000',
    'a=mid:0',
    'a=ice-ufrag:bP3n',
    'a=ice-pwd:fCt0v9Zq2hVb6sXk8mWd1yRj',
    `a=fingerprint:sha-256 ${Array(32).fill('5E').join(':')}`,
    'a=setup:actpass',
    'a=rtcp-mux',
    '',
  ].join('\r\n');
  const pc = createPeer();
  await pc.setRemoteDescription({ type: 'offer', sdp });
  return pc.signalingState;
}
