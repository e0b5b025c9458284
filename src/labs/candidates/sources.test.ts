import { expect, test } from 'vitest';
import { Timeline, type RtcEvent } from '../../rtc/timeline.ts';
import { sourcesOf } from './sources.ts';

const turn = { iceServers: [{ urls: ['stun:192.0.2.1:3478', 'turn:192.0.2.1:3478'] }] };
const host = 'candidate:1 1 udp 2122260223 192.168.7.10 50000 typ host generation 0';
const hidden = 'candidate:1 1 udp 2122260223 0a1b2c3d-0000-4000-8000-000000000000.local 50000 typ host';
const srflx = 'candidate:2 1 udp 1686052607 203.0.113.5 61000 typ srflx raddr 192.168.7.10 rport 50000';
const relay = 'candidate:3 1 udp 41885439 192.0.2.1 49160 typ relay raddr 192.168.7.10 rport 50000';

const local = (candidate: string): RtcEvent => ({
  kind: 'candidate',
  side: 'local',
  candidate,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: null,
});

function record(configuration: RTCConfiguration, candidates: string[], isOver = true) {
  const timeline = new Timeline();
  timeline.append('alice', { kind: 'peer-opened', configuration });
  timeline.append('alice', { kind: 'ice-gathering-state', state: 'gathering' });
  for (const candidate of candidates) timeline.append('alice', local(candidate));
  timeline.append('bob', local(host)); // somebody else's
  if (isOver) timeline.append('alice', { kind: 'end-of-candidates', side: 'local' });
  return sourcesOf(timeline.entries, 'alice');
}

test('each candidate stands with who told of it', () => {
  const [own, stun, relayed] = record(turn, [host, srflx, relay]);
  expect(own).toMatchObject({ origin: 'own', found: [{ candidate: { address: '192.168.7.10' } }] });
  expect(stun).toMatchObject({ origin: 'stun', found: [{ candidate: { address: '203.0.113.5' } }] });
  expect(relayed).toMatchObject({ origin: 'turn', found: [{ candidate: { port: 49160 } }] });
  expect([own?.remark, stun?.remark, relayed?.remark]).toEqual([undefined, undefined, undefined]);
});

test('what is missing is explained, once gathering is over', () => {
  expect(record({}, [host])[1]?.remark).toBe('No STUN server was asked.');
  expect(record(turn, [host], false)[1]?.remark).toBeUndefined();
  const [, stun, relayed] = record(turn, [host, relay]);
  expect(stun?.remark).toContain('drops the duplicate (RFC 8445 §5.1.3). It was 192.168.7.10.');
  expect(relayed?.remark).toBeUndefined();
  expect(record(turn, [host])[2]?.remark).toContain('candidate errors');
});

test('hidden addresses and a policy that allows relays only are said', () => {
  expect(record({}, [hidden])[0]?.remark).toContain('.local');
  const [own, stun] = record({ ...turn, iceTransportPolicy: 'relay' }, [relay]);
  expect(own?.remark).toContain('iceTransportPolicy');
  expect(stun?.remark).toContain('iceTransportPolicy');
});

test('an interface that opens TCP connections, malformed text and peers without candidates do no harm', () => {
  expect(record({}, ['candidate:nonsense'])[0]?.found).toEqual([]);
  expect(sourcesOf([], 'alice').map(({ found }) => found)).toEqual([[], [], []]);
});

test('what gathering did not come to because the call was connected is not held against the server', () => {
  const timeline = new Timeline();
  timeline.append('alice', { kind: 'peer-opened', configuration: turn });
  timeline.append('alice', local(host));
  timeline.append('alice', { kind: 'connection-state', state: 'connected' });
  timeline.append('alice', { kind: 'end-of-candidates', side: 'local' });
  expect(sourcesOf(timeline.entries, 'alice')[2]?.remark).toContain('before the call was connected');
});
