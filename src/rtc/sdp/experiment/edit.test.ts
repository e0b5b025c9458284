import { expect, test } from 'vitest';
import { modelOf, sdpFixture } from '../../../../tests/fixtures/sdp.ts';
import { addressOf, applyEdit, maxLineLength, problemOf, type LineAddress } from './edit.ts';

const shown = sdpFixture('chromium-156-offer-audio-video-data');
const fresh = sdpFixture('chromium-156-offer-plain-addresses'); // audio and video, other credentials

function address(start: string, section = -1, text = shown): LineAddress {
  const model = modelOf(text);
  const line = model.lines.find(({ raw, sectionIndex }) => raw.startsWith(start) && sectionIndex === section);
  if (!line) throw new Error(`no ${start}`);
  const found = addressOf(line, model);
  if (!found.ok) throw new Error(found.why);
  return found.address;
}

test('a line is taken away where it stands in the other description', () => {
  const edited = applyEdit({ does: 'remove', at: address('a=fingerprint', 1) }, fresh);
  if (!edited.ok) throw new Error(edited.why);
  const [before, after] = [modelOf(fresh), modelOf(edited.sdp)];
  expect(after.lines).toHaveLength(before.lines.length - 1);
  expect(after.media[0]?.lines.some(({ attribute }) => attribute === 'fingerprint')).toBe(true);
  expect(after.media[1]?.lines.some(({ attribute }) => attribute === 'fingerprint')).toBe(false);
  expect(edited.before).toContain('a=fingerprint:sha-256 ');
});

test('an edit keeps what belongs to the new connection', () => {
  const at = address('a=fingerprint', 0);
  const text = at.raw.replace(/:..$/, ':00');
  const edited = applyEdit({ does: 'replace', at, text }, fresh);
  if (!edited.ok) throw new Error(edited.why);
  expect(edited.after).toBe(edited.before?.replace(/:..$/, ':00'));
  expect(edited.after).not.toBe(text);
});

test('an edit that happens to write what is there already writes something else', () => {
  const at = address('a=fingerprint', 0);
  const own = modelOf(fresh).media[0]?.lines.find(({ attribute }) => attribute === 'fingerprint')?.raw ?? '';
  const text = at.raw.slice(0, -2) + own.slice(-2);
  const edited = applyEdit({ does: 'replace', at, text }, fresh);
  expect(edited.ok && edited.after).not.toBe(own);
});

test('a line that is the same in both becomes what was written', () => {
  const at = address('a=rtpmap:111', 0);
  const edited = applyEdit({ does: 'replace', at, text: 'a=rtpmap:111 opus/48000/1' }, fresh);
  expect(edited).toMatchObject({
    ok: true,
    before: 'a=rtpmap:111 opus/48000/2',
    after: 'a=rtpmap:111 opus/48000/1',
  });
});

test('a line is inserted after another one, with CRLF', () => {
  const after = address('a=mid', 1);
  const edited = applyEdit({ does: 'insert', after, text: 'b=AS:100' }, fresh);
  expect(edited.ok && edited.sdp).toContain('a=mid:1\r\nb=AS:100\r\n');
});

test('where there is no such line, the reason is told', () => {
  const candidate = address('a=candidate', 0);
  const bare = sdpFixture('chromium-156-offer-before-gathering');
  const early = applyEdit({ does: 'remove', at: candidate }, bare);
  expect(!early.ok && early.why).toContain('Try it on the way');
  const sctp = applyEdit({ does: 'remove', at: address('a=sctp-port', 2) }, fresh);
  expect(!sctp.ok && sctp.why).toContain('no line about a=sctp-port');
});

test('a section that is off has no line in a fresh pair, and does not count', () => {
  const text = sdpFixture('chromium-156-offer-stopped-transceiver');
  const model = modelOf(text);
  const off = model.media.find(({ rejected }) => rejected)?.lines[0];
  const found = off && addressOf(off, model);
  expect(found?.ok === false && found.why).toContain('port 0');
});

test.each([
  ['nothing', ''],
  ['a second line', 'a=mid:0\r\na=inactive'],
  ['a line feed', 'a=mid:0\na=inactive'],
  ['a NUL', 'a=mid:\u0000'],
  ['too much', 'a=x:'.padEnd(maxLineLength + 1, 'x')],
])('%s is not a line', (_, text) => {
  expect(problemOf(text)).toBeTruthy();
});

test('any other line can be tried, right or wrong', () => {
  for (const text of ['a=mid:0', 'hello', 'a=fmtp:96 x=\t1', 'a=ü']) expect(problemOf(text)).toBeUndefined();
});
