import { expect, test } from 'vitest';
import type { StatsSample } from '../../../rtc/stats/sample.ts';
import { addToBands, bandsAt, flowWords, noBands } from './bands.ts';
import { candidateReceived, candidateSent, record, type Step } from './record.fixture.ts';

function bandsOf(...steps: readonly Step[]) {
  const bands = noBands();
  for (const entry of record(
    candidateSent('alice', 'bob', 'a'),
    candidateReceived('bob', 'alice', 'a'),
    ...steps,
  ))
    addToBands(bands, entry);
  return bands;
}
/** Entries of these tests begin at 2: two signals made the peers known to each other. */
const FIRST = 2;

type Bitrate = readonly [kind: 'audio' | 'video', bitrateBps: number];

function sample(bitrates: readonly Bitrate[]): StatsSample {
  const inbound = bitrates.map(([kind, bitrateBps], ssrc) => ({
    ssrc,
    kind,
    bitrateBps,
    bytesReceived: 0,
    packetsReceived: 0,
    packetsLost: 0,
  }));
  return { atMs: 0, outbound: [], inbound };
}
const arrives = (...bitrates: readonly Bitrate[]): Step => [
  'bob',
  { kind: 'stats', sample: sample(bitrates) },
];

test('media flows from its first frame until nothing has arrived for two samples', () => {
  const bands = bandsOf(
    ['bob', { kind: 'first-frame', width: 320, height: 180 }],
    arrives(['video', 5e5], ['audio', 3e4]),
    arrives(['video', 0], ['audio', 0]),
    arrives(['video', 0], ['audio', 0]),
    arrives(['video', 0], ['audio', 3e4]),
  );
  expect(bands.all).toMatchObject([
    { kind: 'media', from: 'alice', to: 'bob', label: 'video + audio', firstSeq: FIRST, lastSeq: FIRST + 3 },
    { kind: 'media', label: 'audio', firstSeq: FIRST + 4 },
  ]);
  expect(bandsAt(bands, FIRST + 1)).toHaveLength(1);
  expect(bandsAt(bands, FIRST + 3)).toHaveLength(0);
  expect(bandsAt(bands, null)).toHaveLength(1);
});

test('a channel lasts from the first end that is open to the first that closes', () => {
  const channel = (peer: string, state: RTCDataChannelState): Step => [
    peer,
    { kind: 'data-channel', label: 'lab', side: 'local', state },
  ];
  const bands = bandsOf(
    channel('bob', 'open'),
    channel('alice', 'open'),
    channel('alice', 'closing'),
    channel('bob', 'closed'),
  );
  expect(bands.all).toMatchObject([
    { kind: 'channel', label: 'channel “lab”', firstSeq: FIRST, lastSeq: FIRST + 2 },
  ]);
});

test('checks and handshake last until their next state; the end of a peer ends all that is its own', () => {
  const bands = bandsOf(
    ['alice', { kind: 'ice-connection-state', state: 'checking' }],
    ['bob', { kind: 'ice-connection-state', state: 'checking' }],
    ['alice', { kind: 'ice-connection-state', state: 'connected' }],
    ['alice', { kind: 'dtls-transport-state', state: 'connecting' }],
    ['alice', { kind: 'peer-closed' }],
  );
  expect(bands.all.map(({ kind, from, lastSeq }) => [kind, from, lastSeq])).toEqual([
    ['ice', 'alice', FIRST + 2],
    ['ice', 'bob', undefined],
    ['dtls', 'alice', FIRST + 4],
  ]);
});

test('what goes straight between two peers is told in a few words', () => {
  const bands = bandsOf(
    ['bob', { kind: 'first-frame', width: 320, height: 180 }],
    ['alice', { kind: 'data-channel', label: 'lab', side: 'local', state: 'open' }],
  );
  expect(flowWords(bandsAt(bands, null))).toBe('video alice → bob · channel “lab”');
  addToBands(bands, { kind: 'first-frame', width: 1, height: 1, peer: 'alice', atMs: 90, seq: 9 });
  expect(flowWords(bandsAt(bands, null))).toBe('video alice ⇄ bob · channel “lab”');
});
