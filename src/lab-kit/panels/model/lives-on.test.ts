import { expect, test } from 'vitest';
import { modelOf, sdpFixture } from '../../../../tests/fixtures/sdp.ts';
import type { StatsSample } from '../../../rtc/stats/sample.ts';
import type { RtcEvent } from '../../../rtc/timeline.ts';
import { candidatesFold } from './candidates.ts';
import { factsFold, livesOn, type TransceiverFacts } from './lives-on.ts';
import { opened, record, type Step } from './record.fixture.ts';

const offer = modelOf(sdpFixture('chromium-156-offer-plain-addresses'), 'offer');
const answer = modelOf(sdpFixture('chromium-156-answer-plain-addresses'), 'answer');
const candidateLine = offer.lines.find(({ raw }) => raw.startsWith('a=candidate:') && raw.includes(' udp '))!;
const [, , , , address = '', port = ''] = candidateLine.value.split(' ');
const ssrc = Number(offer.media[1]?.lines.find(({ attribute }) => attribute === 'ssrc')?.value.split(' ')[0]);

const sample: StatsSample = {
  atMs: 0,
  candidatePair: {
    local: { type: 'host', protocol: 'udp', address, port: Number(port) },
    remote: { type: 'prflx', protocol: 'udp', port: 9 },
    bytesSent: 0,
    bytesReceived: 0,
  },
  transport: { dtlsState: 'connected', dtlsVersion: 'DTLS 1.2', srtpCipher: 'AES_CM_128_HMAC_SHA1_80' },
  outbound: [
    {
      ssrc,
      kind: 'video',
      mid: '1',
      codec: 'video/VP8',
      bitrateBps: 1_200_000,
      bytesSent: 1,
      packetsSent: 1,
    },
  ],
  inbound: [],
};
const of = (peer: string, ...events: RtcEvent[]): Step[] => events.map((event): Step => [peer, event]);
const list = record(
  opened('alice'),
  opened('bob'),
  ...of(
    'alice',
    {
      kind: 'candidate',
      side: 'local',
      candidate: `candidate:${candidateLine.value}`,
      sdpMid: '0',
      sdpMLineIndex: 0,
      usernameFragment: null,
    },
    { kind: 'ice-connection-state', state: 'connected' },
    { kind: 'dtls-transport-state', state: 'connected', mid: '0' },
    { kind: 'data-channel', label: 'lab', side: 'local', state: 'open' },
    { kind: 'stats', sample },
  ),
  ...of('bob', { kind: 'track', track: 'video', mid: '1', streams: ['a'] }),
);

function lives(
  start: string,
  {
    section = 0,
    model = offer,
    end = list.length,
  }: { section?: number; model?: typeof offer; end?: number } = {},
  transceivers?: ReadonlyMap<string, readonly TransceiverFacts[]>,
) {
  const line = model.lines.find(({ raw, sectionIndex }) => raw.startsWith(start) && sectionIndex === section);
  const [writer, reader] = model === offer ? ['alice', 'bob'] : ['bob', 'alice'];
  return livesOn({
    line: line!,
    model,
    writer,
    reader,
    facts: factsFold()(list, end),
    candidates: candidatesFold()(list, end),
    ...(transceivers && { transceivers }),
  });
}

test('a codec in use leads to its stream, another one says what is sent in its place', () => {
  expect(lives('a=rtpmap:96', { section: 1 })).toEqual([
    { text: 'alice sends it now: VP8, 1.2 Mbit/s.', target: { panel: 'stats', peer: 'alice', mid: '1' } },
  ]);
  const other = offer.media[1]?.lines.find(({ raw }) => raw.includes('H264/90000'));
  expect(lives(other!.raw, { section: 1 })[0]?.text).toBe('Not in use: alice sends VP8 here.');
  expect(lives('a=rtpmap:97', { section: 1 })[0]?.text).toContain('Retransmissions');
});

test('a candidate leads to the candidate, and says whether it is in use', () => {
  expect(lives(candidateLine.raw)).toEqual([
    {
      text: 'A local candidate of alice: in use, one end of the selected pair.',
      target: { panel: 'candidates', peer: 'alice', candidate: `candidate:${candidateLine.value}` },
    },
  ]);
  expect(lives(candidateLine.raw, { end: 3 })[0]?.text).toContain('no pair is selected');
});

test('ICE credentials lead to the pair, the fingerprint to the DTLS transport with its role', () => {
  expect(lives('a=ice-ufrag')[0]?.text).toBe('ICE of alice: connected, selected pair host – prflx.');
  expect(lives('a=fingerprint', { model: answer })).toEqual([
    {
      text: 'DTLS transport of alice: connected, server, DTLS 1.2, media with AES_CM_128_HMAC_SHA1_80.',
      target: { panel: 'states', peer: 'alice' },
    },
  ]);
  expect(lives('a=group:BUNDLE', { section: -1 })[0]?.text).toBe('1 DTLS transport at alice: connected.');
});

test('an m-section leads to its transceivers, or to the track event where the connection is not at hand', () => {
  const facts: TransceiverFacts = { mid: '1', direction: 'sendrecv', currentDirection: null, sends: true };
  expect(lives('a=mid', { section: 1 }, new Map([['alice', [facts]]])).map(({ text }) => text)).toEqual([
    'Transceiver of alice with mid 1: direction sendrecv, currentDirection null, a track to send.',
    'bob got a track event for it: video, mid 1.',
    'alice sends it now: VP8, 1.2 Mbit/s.',
  ]);
});

test('an SSRC leads to its stream, a=msid to the track event of the other side', () => {
  expect(lives(`a=ssrc:${ssrc}`, { section: 1 })[0]?.text).toContain('alice sends it now');
  expect(lives('a=msid', { section: 1 })[0]?.text).toBe('The track event of bob: video, mid 1, 1 stream.');
});

test('the SCTP port leads to the data channels', () => {
  const data = modelOf(sdpFixture('chromium-156-offer-data-only'), 'offer');
  const line = data.lines.find(({ attribute }) => attribute === 'sctp-port')!;
  const around = {
    line,
    model: data,
    writer: 'alice',
    reader: 'bob',
    facts: factsFold()(list),
    candidates: new Map(),
  };
  expect(livesOn(around)).toEqual([
    { text: 'Data channel “lab” of alice: open.', target: { panel: 'ladder' } },
  ]);
});

test('before there is anything, nothing is claimed', () => {
  for (const line of offer.lines) {
    const around = {
      line,
      model: offer,
      writer: 'alice',
      reader: undefined,
      facts: new Map(),
      candidates: new Map(),
    };
    expect(livesOn(around).filter(({ text }) => text.includes('alice'))).toEqual([]);
  }
});
