import { expect, test } from 'vitest';
import type { RtcEvent } from '../../rtc/timeline.ts';
import { natWords, pathFold, verdictOf, type Path } from './path.ts';

const candidate = (text: string): RtcEvent => ({
  kind: 'candidate',
  side: 'local',
  candidate: `candidate:1 1 udp 1 ${text} generation 0`,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: null,
});
const pair = (local: string, remote: string, relayProtocol?: 'udp' | 'tcp') =>
  ({
    kind: 'candidate-pairs',
    pairs: [
      {
        id: '1',
        local: { id: 'l', protocol: 'udp', type: local, ...(relayProtocol && { relayProtocol }) },
        remote: { id: 'r', protocol: 'udp', type: remote },
        state: 'succeeded',
        nominated: true,
        selected: true,
      },
    ],
  }) as RtcEvent;
const opened: RtcEvent = { kind: 'peer-opened', configuration: {} };
const connected: RtcEvent = { kind: 'connection-state', state: 'connected' };
const gathered: RtcEvent = { kind: 'end-of-candidates', side: 'local' };

const after = (...events: RtcEvent[]): Path =>
  pathFold()(events.map((event, seq) => ({ ...event, peer: 'alice', atMs: seq, seq })));
const saysOfNat = (...events: RtcEvent[]): string => {
  const found = after(opened, ...events).found.get('alice');
  return found ? natWords(found) : '';
};

test.each<[string, RtcEvent[], RegExp]>([
  [
    'another port',
    [
      candidate('10.1.0.2 50000 typ host'),
      candidate('203.0.113.1 61000 typ srflx raddr 10.1.0.2 rport 50000'),
    ],
    /A NAT made 203\.0\.113\.1:61000 of 10\.1\.0\.2:50000\. It gave another port\./,
  ],
  [
    'the same port',
    [candidate('203.0.113.1 50000 typ srflx raddr 10.1.0.2 rport 50000')],
    /It kept the port/,
  ],
  [
    'a hidden address',
    [candidate('203.0.113.1 50000 typ srflx raddr 0.0.0.0 rport 0')],
    /does not say whether/,
  ],
  [
    'no srflx',
    [candidate('192.0.2.7 50000 typ host'), gathered],
    /no NAT between this device and the server/,
  ],
  [
    'a silent server',
    [
      candidate('192.0.2.7 50000 typ host'),
      {
        kind: 'candidate-error',
        url: 'stun:192.0.2.1',
        errorCode: 701,
        errorText: '',
        address: null,
        port: null,
      },
      gathered,
    ],
    /did not answer/,
  ],
  ['nothing yet', [candidate('192.0.2.7 50000 typ host')], /Still asking/],
])('of a NAT with %s it says what is known', (_, events, says) => {
  expect(saysOfNat(...events)).toMatch(says);
});

test.each<[string, RtcEvent[], string]>([
  ['host with host', [pair('host', 'host'), connected], 'Directly, on one network'],
  ['srflx with prflx', [pair('srflx', 'prflx'), connected], 'Directly, through the NAT'],
  ['an own relay', [pair('relay', 'srflx', 'tcp'), connected], 'Through the relay'],
  ['the other’s relay', [pair('srflx', 'relay'), connected], 'Through the relay'],
  ['no pair', [{ kind: 'connection-state', state: 'failed' }], 'No way through'],
  ['a pair that is not in use yet', [pair('host', 'host')], 'Looking for a way'],
])('%s: %s is the verdict', (_, events, title) => {
  expect(verdictOf(after(opened, ...events)).title).toBe(title);
});

test('a relay is named with the transport of its own leg', () => {
  expect(verdictOf(after(opened, pair('relay', 'prflx', 'tcp'), connected)).text).toContain('alice over TCP');
});
