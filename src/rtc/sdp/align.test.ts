import { expect, test } from 'vitest';
import { modelOf, sdpFixture } from '../../../tests/fixtures/sdp.ts';
import { alignDescriptions, diffDescriptions } from './align.ts';
import type { SessionDescriptionModel } from './parse.ts';

const align = (offer: string, answer: string) =>
  alignDescriptions(modelOf(sdpFixture(offer)), modelOf(sdpFixture(answer)));

/** A description with these lines in its session section. */
function withLines(...lines: string[]): SessionDescriptionModel {
  return modelOf(['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', ...lines, ''].join('\r\n'));
}

test.each([
  ['chromium-156-offer-audio-video-data', 'chromium-156-answer-audio-video-data'],
  ['chromium-156-offer-audio-video-data', 'firefox-153-answer-to-chromium-156'],
  ['firefox-153-offer-audio-video-data', 'chromium-156-answer-to-firefox-153'],
  ['firefox-153-offer-stopped-transceiver', 'firefox-153-answer-stopped-transceiver'],
])('puts every line of %s and %s in exactly one row', (offer, answer) => {
  const pairs = align(offer, answer).flatMap(({ lines }) => lines);
  for (const [side, name] of [
    ['left', offer],
    ['right', answer],
  ] as const) {
    const numbers = pairs.flatMap((pair) => pair[side]?.number ?? []).toSorted((a, b) => a - b);
    expect(numbers).toEqual(modelOf(sdpFixture(name)).lines.map(({ number }) => number));
  }
});

test('pairs media sections by their place, and lines by what they are about', () => {
  const sections = align('chromium-156-offer-audio-video-data', 'firefox-153-answer-to-chromium-156');
  expect(sections.map(({ index, midsAgree }) => [index, midsAgree])).toEqual([
    [-1, true],
    [0, true],
    [1, true],
    [2, true],
  ]);
  const video = sections[2]?.lines ?? [];
  expect(video.find(({ key }) => key === 'a=rtpmap:96')).toMatchObject({ same: true });
  const setup = video.find(({ key }) => key === 'a=setup');
  expect([setup?.left?.value, setup?.right?.value, setup?.same]).toEqual(['actpass', 'active', false]);
  // Firefox has no H.264 here, so its answer leaves out what Chromium offers under 102.
  expect(video.find(({ key }) => key === 'a=rtpmap:102')).toMatchObject({
    left: { value: '102 H264/90000' },
    same: false,
  });
  expect(video.find(({ key }) => key === 'a=rtpmap:102')?.right).toBeUndefined();
});

test('notices that the sections of an answer are in another order', () => {
  const offer = sdpFixture('chromium-156-offer-audio-video-data');
  const answer = sdpFixture('chromium-156-answer-audio-video-data').replace('a=mid:0', 'a=mid:7');
  const [, audio] = alignDescriptions(modelOf(offer), modelOf(answer));
  expect(audio?.midsAgree).toBe(false);
});

test('keeps the order of the offer, with lines of the answer alone after what they follow there', () => {
  const [session] = alignDescriptions(
    withLines('a=one', 'a=two', 'a=three'),
    withLines('a=three', 'a=extra', 'a=one'),
  );
  expect(session?.lines.slice(4).map(({ key, left, right }) => [key, Boolean(left), Boolean(right)])).toEqual(
    [
      ['a=one', true, true],
      ['a=two', true, false],
      ['a=three', true, true],
      ['a=extra', false, true],
    ],
  );
});

test('an ICE restart changes the credentials and candidates, and little else', () => {
  const changes = diffDescriptions(
    modelOf(sdpFixture('chromium-156-offer-before-ice-restart')),
    modelOf(sdpFixture('chromium-156-offer-ice-restart')),
  );
  const inAudio = changes
    .filter(({ sectionIndex, kind }) => sectionIndex === 0 && kind === 'changed')
    .map(({ key }) => key);
  expect(inAudio).toContain('a=ice-ufrag');
  expect(inAudio).toContain('a=ice-pwd');
  expect(inAudio).not.toContain('a=fingerprint');
  expect(inAudio).not.toContain('a=mid');
});

test('finds no change between a description and itself', () => {
  const model = modelOf(sdpFixture('firefox-153-offer-simulcast'));
  expect(diffDescriptions(model, model)).toEqual([]);
});

test('tells added, removed and changed lines apart', () => {
  const changes = diffDescriptions(
    withLines('a=ice-lite', 'a=sendrecv'),
    withLines('a=sendonly', 'a=extmap-allow-mixed'),
  );
  expect(changes.map(({ kind, key }) => `${kind} ${key}`)).toEqual([
    'removed a=ice-lite',
    'changed a=direction',
    'added a=extmap-allow-mixed',
  ]);
});
