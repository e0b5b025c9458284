import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sdpFixture, sdpFixtures } from '../../tests/fixtures/sdp.ts';
import { Mirror } from './mirror.ts';
import { readOffer, UnusableOffer, writeAnswer } from './sdp.ts';

const mirror = new Mirror();
const answerOf = (sdp: string) =>
  writeAnswer(readOffer(sdp, mirror.wanted), {
    sessionId: '7',
    version: 1,
    credentials: { usernameFragment: 'ours', password: 'a password of 22 chars' },
    fingerprint: 'AA:BB',
    candidates: [{ address: '192.0.2.1', port: 5000 }],
    directionOf: (section) => mirror.directionOf(section),
    ssrcsOf: () => ({ media: 11, rtx: 12 }),
  });
const sectionsOf = (sdp: string) => sdp.split(/\r\n(?=m=)/).slice(1);
const offers = [...sdpFixtures].filter(
  ([name, sdp]) => name.includes('-offer-') && sdp.includes('a=ice-ufrag'),
);

test.each(offers)('answers %s section by section', (_, offer) => {
  const answers = sectionsOf(answerOf(offer));
  const offered = sectionsOf(offer);
  expect(answers).toHaveLength(offered.length);
  answers.forEach((answer, index) => {
    const formats = (text: string) => text.split('\r\n')[0]?.split(' ').slice(3) ?? [];
    expect(formats(offered[index] ?? '')).toEqual(expect.arrayContaining(formats(answer)));
    expect(/a=mid:(\S+)/.exec(answer)?.[1]).toBe(/a=mid:(\S+)/.exec(offered[index] ?? '')?.[1]);
  });
});

test('accepts one codec with its repair stream, and sends under SSRCs that it names', () => {
  const [, video = ''] = sectionsOf(answerOf(sdpFixture('chromium-156-offer-audio-video-data')));
  expect(video).toMatch(/^m=video 5000 UDP\/TLS\/RTP\/SAVPF 96 97\r\n/);
  expect(video).toContain('a=rtpmap:96 VP8/90000');
  expect(video).toContain('a=fmtp:97 apt=96');
  expect(video).toContain('a=rtcp-fb:96 nack pli');
  expect(video).not.toContain('transport-cc');
  expect(video).toContain('a=ssrc-group:FID 11 12');
  expect(video).toContain('a=sendrecv');
});

test('has nothing to say to somebody who only listens, and refuses m-sections that are stopped', () => {
  const listening = answerOf(sdpFixture('chromium-156-offer-receive-only'));
  expect(listening).toContain('a=inactive');
  expect(listening).not.toContain('a=ssrc:');
  const [stopped] = sectionsOf(answerOf(sdpFixture('chromium-156-offer-stopped-transceiver'))).filter(
    (section) => / 0 UDP/.test(section),
  );
  expect(stopped).toContain('a=inactive');
});

const offer = sdpFixture('chromium-156-offer-audio-video-data');
test.each([
  ['nothing', '', 'begin with v=0'],
  ['no SDP', 'hello', 'begin with v=0'],
  ['a number', '42', 'begin with v=0'],
  ['no m-section', 'v=0\r\no=- 1 1 IN IP4 0\r\ns=-\r\nt=0 0\r\n', 'no m-section'],
  ['half a line', offer.slice(0, 401).concat('\r\n=x'), 'letter=value'],
  ['a NUL', offer.replace('a=rtcp-mux', 'a=rtcp\0mux'), 'letter=value'],
  ['no ICE credentials', offer.replace(/a=ice-(ufrag|pwd).*\r\n/g, ''), 'no ICE credentials'],
  ['no fingerprint', offer.replace(/a=fingerprint.*\r\n/g, ''), 'no usable a=fingerprint'],
  [
    'a fingerprint that is none',
    offer.replace(/a=fingerprint:.*/g, 'a=fingerprint:sha-256 zz'),
    'fingerprint',
  ],
  ['the passive role, too', offer.replaceAll('a=setup:actpass', 'a=setup:passive'), 'waits for DTLS too'],
  ['no mid', offer.replace(/a=mid:.*\r\n/g, ''), 'no usable a=mid'],
  [
    'no rtcp-mux anywhere',
    offer.replace(/m=application[^]*/, '').replaceAll('a=rtcp-mux', 'a=x'),
    'no m-section of',
  ],
  ['a line of 3 000 characters', offer.replace('s=-', `s=${'x'.repeat(3_000)}`), 'letter=value'],
  ['a hundred m-sections', offer + 'm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n'.repeat(100), 'more than 32'],
])('says what is wrong with %s', (_, sdp, words) => {
  expect(() => answerOf(sdp)).toThrow(UnusableOffer);
  expect(() => answerOf(sdp)).toThrow(words);
});

test('changed at random, an offer is answered or refused, and no line of it becomes two', () => {
  const position = fc.nat(offer.length);
  fc.assert(
    fc.property(position, position, fc.string({ maxLength: 30 }), (start, length, text) => {
      const changed = offer.slice(0, start) + text + offer.slice(start + (length % 200));
      try {
        expect(
          answerOf(changed)
            .split('\r\n')
            .slice(0, -1)
            .every((line) => /^[a-z]=[^\r\n]*$/.test(line)),
        ).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(UnusableOffer);
      }
    }),
    { numRuns: 500 },
  );
});
