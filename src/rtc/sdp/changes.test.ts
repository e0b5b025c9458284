import { expect, test } from 'vitest';
import { modelOf, sdpFixture, sdpFixtures } from '../../../tests/fixtures/sdp.ts';
import { describeAnswer, describeAnswerChanges, describeChanges } from './changes.ts';

const browsers = ['chromium-156', 'firefox-153'];
const model = (name: string, edit = (text: string) => text) => modelOf(edit(sdpFixture(name)));

test.each(browsers)('an ICE restart is a new version with new credentials (%s)', (browser) => {
  const changes = describeChanges(
    model(`${browser}-offer-before-ice-restart`),
    model(`${browser}-offer-ice-restart`),
  );
  expect(changes[0]).toMatch(/^o= version \d+ → \d+\.$/);
  expect(changes).toContain('ICE has a new user name fragment and password: an ICE restart (RFC 8445 §9).');
  expect(changes.join(' ')).not.toContain('Other lines');
});

test.each(browsers)('a direction, an m-section and a codec that change are named (%s)', (browser) => {
  const offer = `${browser}-offer-audio-video-data`;
  const before = model(offer, (text) => text.slice(0, text.search(/^m=application/m)));
  const after = model(offer, (text) => text.replace(/(m=audio[^]*?)a=sendrecv/, '$1a=recvonly'));
  const changes = describeChanges(before, after);
  expect(changes).toContain('1 m-section added: data channels (mid 2).');
  expect(changes).toContain('Direction of audio (mid 0): sendrecv → recvonly.');
  const recycled = describeChanges(model(offer), model(`${browser}-offer-recycled-section`));
  expect(recycled).toContain('m-section 1 is used again: video (mid 1) → video (mid 2).');
  const stopped = describeChanges(model(offer), model(`${browser}-offer-stopped-transceiver`));
  expect(stopped).toContain('Video (mid 1) is off now: port 0.');
  const preferred = describeChanges(model(offer), model(`${browser}-offer-codec-preferences`));
  expect(preferred).toContain('Video (mid 1): preferred codec VP8 → VP9.');
});

test('a line without a sentence of its own is counted', () => {
  const before = model('chromium-156-offer-audio-video-data');
  const after = model('chromium-156-offer-audio-video-data', (text) =>
    text.replace('useinbandfec=1', 'useinbandfec=0').replace('a=rtcp-rsize\r\n', ''),
  );
  expect(describeChanges(before, after)).toEqual(['Other lines that differ: 1 others and 1 of codecs.']);
});

test('the same text has not changed', () => {
  const offer = model('firefox-153-offer-hold');
  expect(describeChanges(offer, offer)).toEqual(['Nothing: it is the same text.']);
});

test.each(browsers)('what the answerer refuses or narrows is said (%s)', (browser) => {
  const refused = describeAnswer(
    model(`${browser}-offer-audio-video-data`),
    model(`${browser}-answer-refused-video`),
  );
  expect(refused).toContain('Video (mid 1) is refused: port 0.');
  const restart = describeAnswer(
    model(`${browser}-offer-ice-restart`),
    model(`${browser}-answer-ice-restart`),
  );
  expect(restart).toContain('Audio (mid 0): sendrecv → recvonly, only the offerer sends.');
  const simulcast = describeAnswer(model(`${browser}-offer-simulcast`), model(`${browser}-answer-simulcast`));
  expect(simulcast).toContain('Video (mid 0): simulcast is not taken, one layer will be sent.');
  expect(simulcast).toContain('The answerer starts the DTLS handshake (a=setup:active).');
});

test('an answer that takes all says so, and dropped codecs are named', () => {
  const offer = model('chromium-156-offer-audio-video-data');
  expect(describeAnswer(offer, model('chromium-156-answer-audio-video-data'))[0]).toBe(
    'It takes everything that was offered.',
  );
  const narrow = model('chromium-156-answer-codec-preferences');
  expect(describeAnswer(offer, narrow).join('\n')).toMatch(
    /Video \(mid 1\): 2 of \d+ codecs taken; left out: .*VP8/,
  );
});

test('two answers of the same kind differ in nothing that counts', () => {
  const answer = model('chromium-156-answer-audio-video-data');
  const other = model('chromium-156-answer-audio-video-data', (text) =>
    text
      .replaceAll(/a=ice-ufrag:.*/g, 'a=ice-ufrag:abcd')
      .replaceAll(/a=msid:.*/g, 'a=msid:a b')
      .replaceAll(/a=fingerprint:sha-256 ../g, 'a=fingerprint:sha-256 00')
      .replaceAll(/a=candidate:.*\r\n/g, '')
      .replace(/o=- \d+/, 'o=- 1'),
  );
  expect(describeAnswerChanges(answer, other)).toEqual([]);
  const without = model('chromium-156-answer-audio-video-data', (text) =>
    text.replace(/a=fingerprint.*\r\n/, ''),
  );
  expect(describeAnswerChanges(answer, without)).toEqual(['a=fingerprint is missing.']);
});

test('every captured pair of descriptions can be compared', () => {
  for (const [name, text] of sdpFixtures) {
    const other = sdpFixture('firefox-153-offer-audio-video-data');
    expect(describeChanges(modelOf(text), modelOf(other)).length, name).toBeGreaterThan(0);
    expect(describeAnswer(modelOf(text), modelOf(other)).length, name).toBeGreaterThan(0);
  }
});
