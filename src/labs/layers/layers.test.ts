import { expect, test } from 'vitest';
import { Timeline } from '../../rtc/timeline.ts';
import { layerIds, layersOf } from './layers.ts';

const sdp = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  `a=fingerprint:sha-256 ${Array(32).fill('5E').join(':')}`,
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=ice-ufrag:xEDz',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=mid:1',
  'a=max-message-size:262144',
  '',
].join('\r\n');

function recorded() {
  const timeline = new Timeline(() => 0);
  timeline.append('alice', { kind: 'description', side: 'local', type: 'offer', sdp });
  timeline.append('alice', {
    kind: 'data-channel',
    label: 'lab',
    side: 'local',
    state: 'open',
    channelId: 1,
  });
  timeline.append('alice', {
    kind: 'stats',
    sample: {
      atMs: 1,
      transport: {
        dtlsVersion: 'DTLS 1.3',
        dtlsCipher: 'TLS_AES_128_GCM_SHA256',
        srtpCipher: 'SRTP_AES128_CM_HMAC_SHA1_80',
      },
      candidatePair: {
        local: { type: 'host', protocol: 'udp', port: 50_000 },
        remote: { type: 'prflx', protocol: 'udp', port: 50_001 },
        bytesSent: 2183,
        bytesReceived: 2365,
      },
      outbound: [{ ssrc: 2_485_771_508, kind: 'audio', codec: 'audio/opus', bytesSent: 1, packetsSent: 1 }],
      inbound: [],
    },
  });
  return timeline.entries;
}

test('each layer shows what its connection says, from the description and from the statistics', () => {
  const layers = layersOf(recorded(), 'alice');
  const values = Object.fromEntries(layerIds.map((id) => [id, layers[id].map(({ value }) => value)]));
  expect(values).toEqual({
    session: ['audio, application'],
    rtp: ['2485771508', 'audio/opus'],
    channel: ['“lab”, open'],
    srtp: ['SRTP_AES128_CM_HMAC_SHA1_80'],
    sctp: ['1', '262144 bytes'],
    dtls: ['DTLS 1.3', 'TLS_AES_128_GCM_SHA256', 'sha-256 5E:5E:5E:5E:…'],
    ice: ['xEDz', 'host → prflx'],
    ip: ['udp 50000 → 50001', '2,183'],
  });
});

test('a peer of whom nothing is known has dark layers', () => {
  const layers = layersOf(recorded(), 'bob');
  expect(layerIds.filter((id) => layers[id].length > 0)).toEqual([]);
});
