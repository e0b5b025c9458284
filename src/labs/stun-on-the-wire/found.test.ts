import { expect, test } from 'vitest';
import { record } from '../../lab-kit/panels/model/record.fixture.ts';
import { encodeMessage, xorAddress } from '../../protocol/stun/message.ts';
import { attributes, methods } from '../../protocol/stun/names.ts';
import type { RtcEvent } from '../../rtc/timeline.ts';
import { callOf, listed, lookFold, whyList, type Path } from './found.ts';

const started = (path: Path, relay: 'no' | 'yes' = 'no'): RtcEvent => ({
  kind: 'run-started',
  lab: 'stun-on-the-wire',
  arrangement: 'one-page',
  controls: { path, relay },
});

const candidate = (text: string): RtcEvent => ({
  kind: 'candidate',
  side: 'local',
  candidate: text,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: 'abcd',
});
const hidden = candidate(
  'candidate:1 1 udp 2113937151 0a1b2c3d-0000-4000-8000-000000000000.local 50001 typ host',
);
const shown = candidate('candidate:1 1 udp 2122260223 192.0.2.7 50001 typ host');
const srflx = (port: number, base = '0.0.0.0', basePort = 0) =>
  candidate(`candidate:2 1 udp 1686052607 192.0.2.7 ${port} typ srflx raddr ${base} rport ${basePort}`);
const end: RtcEvent = { kind: 'end-of-candidates', side: 'local' };

/** What our server has sent: a Binding success response. */
function answered(port: number): RtcEvent {
  const transactionId = new Uint8Array(12).fill(7);
  const bytes = encodeMessage({
    class: 'success',
    method: methods.Binding,
    transactionId,
    attributes: [
      {
        type: attributes.XOR_MAPPED_ADDRESS,
        value: xorAddress({ address: '192.0.2.7', port }, transactionId),
      },
    ],
  });
  return {
    kind: 'wire-message',
    at: 'server',
    way: 'sent',
    transport: 'udp',
    source: '192.0.2.7:3478',
    destination: `192.0.2.7:${port}`,
    bytes: btoa(String.fromCharCode(...bytes)),
  };
}

const look = (path: Path, ...events: RtcEvent[]) =>
  lookFold()(record(['lab', started(path)], ...events.map((event) => ['alice', event] as const)));

test('the browser’s list and the server’s answers stand beside each other, each address once', () => {
  const { path, peers } = look(
    'nat',
    shown,
    shown,
    answered(61_000),
    answered(61_000),
    srflx(61_000, '192.0.2.7', 50_001),
  );
  const alice = peers.get('alice')!;
  expect(path).toBe('nat');
  expect(listed(alice, 'host')).toEqual(['192.0.2.7:50001']);
  expect(listed(alice, 'srflx')).toEqual(['192.0.2.7:61000, base 192.0.2.7:50001']);
  expect(alice.answers).toEqual(['192.0.2.7:61000']);
  expect(alice.isHidden).toBe(false);
});

test.each<[what: string, path: Path, events: RtcEvent[], says: string]>([
  ['hidden, straight', 'direct', [hidden, srflx(50_001)], 'hides that address'],
  ['shown, straight', 'direct', [shown, answered(50_001)], 'the browser drops it'],
  [
    'shown, behind a NAT of one’s own',
    'direct',
    [shown, srflx(9, '192.0.2.7', 50_001)],
    'a NAT lies between',
  ],
  ['hidden, through the NAT', 'nat', [hidden, srflx(61_000)], '0.0.0.0, port 0'],
  ['shown, through the NAT', 'nat', [shown, srflx(61_000, '192.0.2.7', 50_001)], 'it stays'],
  ['no answer through the NAT', 'nat-blocked', [shown], 'no answer has come'],
])('says why the list is as it is: %s', (_, path, events, says) => {
  expect(whyList(path, look(path, ...events).peers.get('alice')!)).toContain(says);
});

const state = (state: RTCPeerConnectionState): RtcEvent => ({ kind: 'connection-state', state });
const pair = (local: string, remote: string): RtcEvent => ({
  kind: 'selected-candidate-pair',
  local,
  remote,
});

test.each<[is: ReturnType<typeof callOf>['is'], path: Path, events: RtcEvent[]]>([
  ['idle', 'direct', []],
  ['waiting', 'direct', [hidden, srflx(50_001)]],
  ['nothing-crosses', 'direct', [shown, end]],
  [
    'connected',
    'nat',
    [
      shown,
      srflx(61_000),
      pair('srflx udp 192.0.2.7:61000', 'srflx udp 192.0.2.7:61001'),
      state('connected'),
    ],
  ],
  ['failed', 'nat-blocked', [shown, srflx(61_000), end, state('failed')]],
])('the call is told as %s', (is, path, events) => {
  expect(callOf(look(path, ...events)).is).toBe(is);
});

test('a relay is named as one, and recommended where it is missing', () => {
  const relayed = look(
    'nat-blocked',
    shown,
    pair('relay udp 192.0.2.7:50002', 'relay udp 192.0.2.7:50003'),
    state('connected'),
  );
  expect(callOf(relayed).title).toContain('relay');
  expect(callOf(look('nat-blocked', shown, srflx(9), state('failed'))).text).toContain(
    'What is left is a relay',
  );
});
