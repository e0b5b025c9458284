import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelOf, sdpFixture, sdpFixtures } from '../../../tests/fixtures/sdp.ts';
import { explainLine, type Explanation, specUrl } from './explain.ts';
import { parseSdp } from './parse.ts';

/** Explains the one line of a fixture that starts so, the first of several. */
function explained(fixture: string, start: string): Explanation {
  const model = modelOf(sdpFixture(fixture));
  const line = model.lines.find(({ raw }) => raw.startsWith(start));
  if (!line) throw new Error(`${fixture} has no line ${start}`);
  return explainLine(line, model);
}

/** Explains a line put into the video section of a small offer. */
function explainedAlone(raw: string): Explanation {
  const text = [
    'v=0',
    'o=- 1 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'a=rtpmap:96 VP8/90000',
    raw,
    '',
  ];
  const model = modelOf(text.join('\r\n'));
  const line = model.lines[6];
  if (!line) throw new Error('no such line');
  return explainLine(line, model);
}

test.each([...sdpFixtures])('every line of %s has an explanation of its own', (_, text) => {
  const model = modelOf(text);
  for (const line of model.lines) {
    const { known, text: says, fields = [], refersTo = [], spec } = explainLine(line, model);
    const where = `line ${line.number}: ${line.raw}\n${says}`;
    expect(known, where).toBe(true);
    expect(says, where).toMatch(/^["A-Z\d].*[.]$/);
    expect(says, where).not.toMatch(/undefined|NaN|not known to us|\.\.| {2}/);
    for (const { name, value, meaning } of fields) {
      expect(`${name}|${value}|${meaning}`, where).not.toMatch(/undefined|NaN|not known to us|^\||\|$/);
      expect(line.raw.toLowerCase(), where).toContain(value.toLowerCase());
    }
    expect(spec?.name, where).toBeTruthy();
    expect(refersTo, where).not.toContain(line.number);
    for (const number of refersTo) expect(model.lines[number - 1], where).toBeDefined();
  }
});

test('says what the very values mean', () => {
  const offer = 'chromium-156-offer-audio-video-data';
  expect(explained(offer, 'a=rtpmap:96').text).toMatch(
    /^Payload type 96 means VP8 at a 90\u202f000 Hz clock in this media section\./,
  );
  expect(explained(offer, 'a=fmtp:97').text).toBe(
    'Packets of payload type 96 (VP8) that got lost are sent again under payload type 97.',
  );
  expect(explained(offer, 'a=fmtp:63').text).toMatch(/2 pieces of payload type 111 \(opus\)/);
  expect(explained(offer, 'a=group:BUNDLE').text).toMatch(
    /"0", "1" and "2" share one transport, that of "0"/,
  );
  expect(explained(offer, 'a=max-message-size').text).toMatch(/256 kB/);
  expect(explained(offer, 'a=fmtp:108').text).toMatch(/Constrained Baseline profile, level 3\.1/);
  expect(explained('firefox-153-offer-audio-video-data', 'a=fmtp:101').text).toMatch(
    /0 to 9, \*, # and A to D/,
  );
  expect(explained('chromium-156-offer-after-sfu-simulcast', 'a=simulcast').text).toMatch(
    /3 layers, h, m and l \(paused\)/,
  );
  expect(explained('firefox-153-offer-stopped-transceiver', 'm=video 0').text).toMatch(/Port 0: it is off/);
  expect(explained('firefox-153-offer-bundle-max-bundle', 'm=video 0').text).toMatch(
    /uses the transport of another section/,
  );
  expect(explained('chromium-156-offer-flexfec', 'a=ssrc-group:FEC-FR').text).toMatch(/rebuilt/);
});

test('takes the origin apart from left to right', () => {
  const { fields } = explained('chromium-156-offer-data-only', 'o=');
  expect(fields?.map(({ name }) => name)).toEqual([
    'username',
    'sess-id',
    'sess-version',
    'nettype',
    'addrtype',
    'unicast-address',
  ]);
});

test.each([
  ['a=fmtp:97', ['a=rtpmap:96 VP8/90000', 'a=rtpmap:97 rtx/90000']],
  ['a=rtcp-fb:96 nack pli', ['a=rtpmap:96 VP8/90000']],
  ['a=group:BUNDLE', ['a=mid:0', 'a=mid:1', 'a=mid:2']],
  ['a=ice-ufrag', [/^a=ice-pwd:/]],
  ['a=ssrc-group:FID', [/^a=ssrc:\d+ cname/, /^a=ssrc:\d+ cname/]],
])('%s points to the lines that it is about', (start, expected) => {
  const model = modelOf(sdpFixture('chromium-156-offer-audio-video-data'));
  const targets = explained('chromium-156-offer-audio-video-data', start).refersTo?.map(
    (number) => model.lines[number - 1]?.raw,
  );
  expect(targets).toHaveLength(expected.length);
  expected.forEach((each, i) => expect(targets?.[i]).toMatch(each));
});

test.each([
  ['a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x', /WebRTC forbids it/],
  ['b=AS:500', /at most 500 kbit\/s/],
  ['b=TIAS:500000', /at most 500\u202f000 bit\/s/],
  ['a=rtcp-fb:* ack ccfb', /For every codec/],
  ['a=rtcp-fb:45 nack', /does not offer that payload type/],
  ['a=rid:h send pt=96;max-width=1280', /"h".*payload types 96 \(VP8\); at most 1280 pixels wide/],
  ['a=setup:passive', /wait/],
  ['a=ice-lite', /sends none/],
  ['a=max-message-size:0', /any size/],
  ['c=IN IP6 ::', /placeholder/],
  [
    'a=extmap:2/sendonly urn:ietf:params:rtp-hdrext:toffset',
    /^Header extension 2, only in packets that this peer sends, carries/,
  ],
])('knows %s too, which the captures lack', (raw, expected) => {
  expect(explainedAlone(raw)).toMatchObject({ known: true, text: expect.stringMatching(expected) });
});

test.each([
  ['an unknown attribute', 'a=flux-capacitor:1.21'],
  ['the name of an object method', 'a=constructor:1'],
  ['an attribute out of shape', 'a=rtpmap:VP8'],
  ['a candidate out of shape', 'a=candidate:nonsense'],
  ['an unknown letter', 'y=1'],
  ['no line at all', 'hello'],
])('admits that it does not know %s', (_, raw) => {
  const { known, text } = explainedAlone(raw);
  expect(known).toBe(false);
  expect(text).toMatch(/not known to us|does not have the form|no line of SDP/);
});

test('names unknown parts of a known line as unknown', () => {
  expect(explainedAlone('a=rtcp-fb:96 telepathy').fields?.at(-1)?.meaning).toBe('not known to us');
  expect(explainedAlone('a=extmap:9 urn:example:nobody').text).toMatch(/not known to us/);
});

test('never throws, whatever stands in the lines', () => {
  const names = [
    'candidate',
    'rtpmap',
    'fmtp',
    'extmap',
    'ssrc',
    'ssrc-group',
    'group',
    'msid',
    'rid',
    'simulcast',
    'rtcp',
    'rtcp-fb',
    'rtcp-xr',
    'fingerprint',
    'max-message-size',
    'imageattr',
  ];
  const line = fc.oneof(
    fc.tuple(fc.constantFrom(...names), fc.string()).map(([name, value]) => `a=${name}:${value}`),
    fc
      .tuple(fc.constantFrom(...'v o s i u e p c b t r z k a m'.split(' ')), fc.string())
      .map(([type, value]) => `${type}=${value}`),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const parsed = parseSdp(['v=0', ...lines].join('\r\n'));
      if (parsed.ok)
        for (const each of parsed.model.lines) expect(explainLine(each, parsed.model).text).not.toBe('');
    }),
    { numRuns: 500 },
  );
});

test('links an RFC, a draft, and nothing else', () => {
  expect(specUrl({ name: 'RFC 8866', section: '5.2', title: 'Origin' })).toBe(
    'https://www.rfc-editor.org/rfc/rfc8866#section-5.2',
  );
  expect(specUrl({ name: 'draft-alvestrand-rmcat-remb', title: '' })).toBe(
    'https://datatracker.ietf.org/doc/html/draft-alvestrand-rmcat-remb',
  );
  expect(specUrl({ name: 'libwebrtc', title: '' })).toBeUndefined();
});
