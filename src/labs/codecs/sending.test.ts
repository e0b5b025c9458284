import { expect, test } from 'vitest';
import { Timeline } from '../../rtc/timeline.ts';
import {
  capabilitiesOf,
  extensionsOf,
  momentsOf,
  parameterCalls,
  receivedCodec,
  shortUri,
} from './sending.ts';

const codecs = (...names: string[]) => names.map((name) => ({ mimeType: `video/${name}` }));

test('each codec once, helpers left out, and one that is only received is told apart', () => {
  expect(capabilitiesOf(codecs('VP8', 'rtx', 'H264', 'H264'), codecs('VP8', 'H264', 'red', 'AV1'))).toEqual([
    { name: 'VP8', sends: true, receives: true, variants: 1 },
    { name: 'H264', sends: true, receives: true, variants: 2 },
    { name: 'AV1', sends: false, receives: true, variants: 1 },
  ]);
});

test('the header extensions in force are those of the answer’s video section', () => {
  const timeline = new Timeline(() => 0);
  expect(extensionsOf(timeline.entries)).toBeUndefined();
  const sdp = [
    'v=0',
    'm=audio 9 x',
    'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
    'm=video 9 x',
    'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
    'a=extmap:3/sendonly http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
    '',
  ].join('\r\n');
  timeline.append('bob', { kind: 'description', side: 'local', type: 'answer', sdp });
  expect(extensionsOf(timeline.entries)).toEqual(['mid', 'transport-wide-cc']);
});

test.each([
  ['urn:3gpp:video-orientation', 'video-orientation'],
  ['http://www.webrtc.org/experiments/rtp-hdrext/playout-delay', 'playout-delay'],
])('%s is %s', (uri, short) => expect(shortUri(uri)).toBe(short));

test('samples become moments; what the other end decodes is its own word', () => {
  const timeline = new Timeline(() => 0);
  const rtp = { ssrc: 1, kind: 'video', codec: 'video/VP9', bitrateBps: 90_000 } as const;
  timeline.append('alice', {
    kind: 'stats',
    sample: { atMs: 1, outbound: [{ ...rtp, bytesSent: 1, packetsSent: 1, frameWidth: 160 }], inbound: [] },
  });
  timeline.append('bob', {
    kind: 'stats',
    sample: {
      atMs: 1,
      outbound: [],
      inbound: [{ ...rtp, bytesReceived: 1, packetsReceived: 1, packetsLost: 0 }],
    },
  });
  expect(momentsOf(timeline.entries, 'alice')).toMatchObject([
    { atMs: 0, codec: 'VP9', bitrateBps: 90_000, frameWidth: 160 },
  ]);
  expect(receivedCodec(timeline.entries, 'bob')).toBe('VP9');
  expect(parameterCalls(timeline.entries, 'alice')).toEqual({ made: 0 });
});
