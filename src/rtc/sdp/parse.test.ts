import { createRequire } from 'node:module';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelOf, sdpFixture, sdpFixtures } from '../../../tests/fixtures/sdp.ts';
import { maxSdpLength, parseSdp, sectionOf } from './parse.ts';

const minimal = ['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', ''].join('\r\n');

test.each([...sdpFixtures])('%s joins to the same text and has no problem', (_, text) => {
  const { lines, problems } = modelOf(text);
  expect(lines.map(({ raw, ending }) => raw + ending).join('')).toBe(text);
  expect(lines.map(({ number }) => number)).toEqual(lines.map((_line, i) => i + 1));
  expect(problems).toEqual([]);
});

/** As sdp-transform reads it: an independent reader to agree with. */
type Reference = {
  media: {
    type: string;
    port: number;
    mid?: string | number;
    direction?: string;
    payloads: string | number;
    rtp: { payload: number; codec: string; rate: number }[];
    candidates?: unknown[];
  }[];
};
const reference: { parse: (sdp: string) => Reference } = createRequire(import.meta.url)('sdp-transform');

test.each([...sdpFixtures])('%s is read as sdp-transform reads it', (_, text) => {
  const { media } = modelOf(text);
  const ours = media.map((section) => ({
    type: section.kind,
    port: section.port,
    mid: section.mid,
    payloads: section.formats.join(' '),
    codecs: [...section.codecs.values()]
      .filter(({ line }) => line)
      .map((codec) => `${codec.payloadType} ${codec.name} ${codec.clockRateHz}`)
      .toSorted(),
    candidates: section.lines.filter(({ attribute }) => attribute === 'candidate').length,
  }));
  const theirs = reference.parse(text).media.map((section) => ({
    type: section.type,
    port: section.port,
    mid: String(section.mid),
    payloads: String(section.payloads),
    codecs: section.rtp.map(({ payload, codec, rate }) => `${payload} ${codec} ${rate}`).toSorted(),
    candidates: section.candidates?.length ?? 0,
  }));
  expect(ours).toEqual(theirs);
});

test('knows section, mid, attribute and value of a line', () => {
  const model = modelOf(sdpFixture('chromium-156-offer-audio-video-data'));
  const line = model.lines.find(({ raw }) => raw === 'a=rtpmap:96 VP8/90000');
  expect(line).toMatchObject({
    type: 'a',
    attribute: 'rtpmap',
    value: '96 VP8/90000',
    sectionIndex: 1,
    mid: '1',
  });
  expect(model.session.every(({ sectionIndex, mid }) => sectionIndex === -1 && mid === undefined)).toBe(true);
  expect(line && sectionOf(line, model)?.codecs.get('96')).toEqual({
    payloadType: '96',
    name: 'VP8',
    clockRateHz: 90_000,
    line: line?.number,
  });
});

test('tells a rejected section from one that is bundled only', () => {
  const stopped = modelOf(sdpFixture('firefox-153-offer-stopped-transceiver'));
  expect(stopped.media.map(({ rejected }) => rejected)).toEqual([false, true, false]);
  const bundled = modelOf(sdpFixture('firefox-153-offer-bundle-max-bundle'));
  expect(bundled.media.map(({ port, bundleOnly, rejected }) => [port === 0, bundleOnly, rejected])).toEqual([
    [false, false, false],
    [true, true, false],
    [true, true, false],
  ]);
});

test('lets a section inherit the direction of the session, and sendrecv where nobody says anything', () => {
  expect(modelOf(`${minimal}m=audio 9 RTP/AVP 0\r\n`).media[0]?.direction).toBe('sendrecv');
  expect(modelOf(`${minimal}a=inactive\r\nm=audio 9 RTP/AVP 0\r\n`).media[0]?.direction).toBe('inactive');
  expect(modelOf(`${minimal}a=inactive\r\nm=audio 9 RTP/AVP 0\r\na=sendonly\r\n`).media[0]?.direction).toBe(
    'sendonly',
  );
});

test('knows the payload types that need no a=rtpmap line', () => {
  expect(modelOf(`${minimal}m=audio 9 RTP/AVP 0 99\r\n`).media[0]?.codecs.get('0')).toMatchObject({
    name: 'PCMU',
    clockRateHz: 8000,
  });
});

test('reads LF as well as CRLF, and remembers which', () => {
  const text = sdpFixture('chromium-156-offer-data-only');
  const { lines, problems } = modelOf(text.replaceAll('\r\n', '\n'));
  expect(problems).toEqual([]);
  expect(lines.every(({ ending, raw }) => ending === '\n' && !raw.includes('\r'))).toBe(true);
});

test.each([
  ['nothing', '', 0, /empty/],
  ['blanks', ' \r\n', 0, /empty/],
  ['no v=', 'o=- 1 2 IN IP4 127.0.0.1\r\n', 1, /starts with the line "v=0"/],
  ['JSON', '{"type":"offer"}', 1, /starts with/],
  ['binary', 'v=0\r\no=\0', 2, /not text/],
  ['too much', `v=0\r\n${'a=x\r\n'.repeat(maxSdpLength / 5)}`, 0, /longer than 256 kB/],
])('refuses %s', (_, text, line, message) => {
  const parsed = parseSdp(text);
  expect(parsed).toMatchObject({ ok: false, problem: { line, message: expect.stringMatching(message) } });
});

test.each([
  ['a line that is no line', 'hello\r\n', 5, /not of the form/],
  ['an unknown letter', 'y=1\r\n', 5, /no line of the type "y="/],
  ['an empty line', '\r\n', 5, /empty/],
  ['a line without a value', 'a=\r\n', 5, /Nothing follows/],
  ['a missing line ending', 'a=inactive', 5, /no line ending/],
  ['a broken m= line', 'm=audio\r\n', 5, /m=<media>/],
  [
    'a mid used twice',
    'm=audio 9 X 0\r\na=mid:0\r\nm=video 9 X 96\r\na=mid:0\r\n',
    8,
    /already taken by line 6/,
  ],
])('reads on after %s, and names it', (_, text, line, message) => {
  const { problems } = modelOf(minimal + text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ line, message: expect.stringMatching(message) });
});

test('misses the lines that every description must have', () => {
  expect(modelOf('v=0\r\n').problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('o='),
    expect.stringContaining('s='),
    expect.stringContaining('t='),
  ]);
});

/** Any code units, also control characters and halves of surrogate pairs. */
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
});

test('never throws and never loses a character, whatever the text', () => {
  const lines = fc.array(
    fc.oneof(
      fc.string(),
      fc.string().map((text) => `a=${text}`),
      fc.string().map((text) => `m=${text}`),
      fc.constant('\r'),
      fc.constant('\n'),
      fc.constant('\r\n'),
    ),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        anyText,
        lines.map((parts) => `v=0\r\n${parts.join('\r\n')}`),
      ),
      (text) => {
        const parsed = parseSdp(text);
        if (parsed.ok) expect(parsed.model.lines.map(({ raw, ending }) => raw + ending).join('')).toBe(text);
      },
    ),
    { numRuns: 500 },
  );
});
