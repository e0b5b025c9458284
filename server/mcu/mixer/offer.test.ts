import { expect, test } from 'vitest';
import { BadDescription, readOffer } from './offer.ts';
import { withoutCandidates } from './wrtc.ts';

const offer = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'a=mid:1',
  'a=extmap:4 urn:3gpp:video-orientation',
  'a=extmap:5 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=candidate:1 1 udp 1 192.0.2.1 9 typ host',
  '',
].join('\r\n');

test('says which m-section is which source', () => {
  const sections = [
    { mid: '0', source: 'microphone' },
    { mid: '1', source: 'screen' },
  ] as const;
  expect([...readOffer(offer, sections)]).toEqual([
    ['0', 'microphone'],
    ['1', 'screen'],
  ]);
});

test.each([
  ['is no SDP', 'hello', []],
  ['has no m-section', 'v=0\r\n', []],
  ['has too many', offer + 'm=audio 9 X 1\r\n'.repeat(4), []],
  ['has one of another kind', `${offer}m=text 9 X 1\r\n`, []],
  ['has one mid twice', `${offer}m=audio 9 X 1\r\na=mid:0\r\n`, []],
  ['has not what is named', offer, [{ mid: '7', source: 'camera' }]],
  ['has sound where a picture is named', offer, [{ mid: '0', source: 'camera' }]],
  [
    'is named with one source twice',
    `${offer}m=video 9 X 1\r\na=mid:2\r\n`,
    [
      { mid: '1', source: 'camera' },
      { mid: '2', source: 'camera' },
    ],
  ],
] as const)('an offer that %s is refused with a sentence', (_, sdp, sections) => {
  expect(() => readOffer(sdp, sections)).toThrow(BadDescription);
});

test('candidates, and the extension for turned pictures, are not handed on', () => {
  const text = withoutCandidates(offer);
  expect(text).not.toContain('candidate');
  expect(text).not.toContain('orientation');
  expect(text).toContain('sdes:mid');
});
