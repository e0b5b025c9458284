import { expect, test } from 'vitest';
import { modelOf, sdpFixture } from '../../../tests/fixtures/sdp.ts';
import { summarise } from './summary.ts';

test.each([
  [
    'chromium-156-offer-audio-video-data',
    'Offer with 3 media sections: audio (sendrecv, opus first), video (sendrecv, VP8 first) and data channels; bundled on one transport, one DTLS fingerprint, 9 candidates.',
  ],
  [
    'chromium-156-answer-data-only',
    'Answer with 1 media section: data channels; one DTLS fingerprint, 1 candidate.',
  ],
  [
    'firefox-153-offer-stopped-transceiver',
    'Offer with 3 media sections: audio (sendrecv, opus first), video (off) and data channels; bundled on one transport, one DTLS fingerprint, 8 candidates.',
  ],
  [
    'chromium-156-offer-simulcast',
    'Offer with 1 media section: video (sendrecv, VP8 first, 3 layers); one DTLS fingerprint, 1 candidate.',
  ],
])('says of %s what a learner should know', (name, sentence) => {
  expect(summarise(modelOf(sdpFixture(name)))).toBe(sentence);
});

test('takes the type from the caller where there is one', () => {
  expect(summarise(modelOf(sdpFixture('chromium-156-answer-data-only'), 'pranswer'))).toMatch(
    /^Provisional answer with/,
  );
});

test('says of an empty description that it is one', () => {
  expect(summarise(modelOf('v=0\r\n'))).toBe(
    'Description without media sections; no DTLS fingerprint, no candidates.',
  );
});
