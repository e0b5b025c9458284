import { expect, test } from 'vitest';
import { encodeMessage, errorCode, type MessageToSend } from '../../protocol/stun/message.ts';
import { attributes, methods } from '../../protocol/stun/names.ts';
import { Timeline, type RtcEvent } from '../timeline.ts';
import { findings } from './index.ts';

const [integrity, user] = [
  { type: attributes.MESSAGE_INTEGRITY, value: new Uint8Array(20) },
  { type: attributes.USERNAME, value: new Uint8Array(4) },
];

function wire(
  id: number,
  method: number,
  kind: MessageToSend['class'],
  more: MessageToSend['attributes'],
): RtcEvent {
  const transactionId = new Uint8Array(12).fill(id);
  const bytes = encodeMessage({ class: kind, method, transactionId, attributes: more });
  return {
    kind: 'wire-message',
    at: 'server',
    way: kind === 'request' ? 'received' : 'sent',
    transport: 'udp',
    source: '192.0.2.1:50000',
    destination: '192.0.2.2:3478',
    bytes: btoa(String.fromCharCode(...bytes)),
  };
}
const refused = (id: number, method: number, code: number, isSigned: boolean): RtcEvent[] => [
  wire(id, method, 'request', isSigned ? [user, integrity] : []),
  wire(id, method, 'error', [{ type: attributes.ERROR_CODE, value: errorCode(code, '') }]),
];
function codes(...events: readonly RtcEvent[]): readonly (readonly [string, string])[] {
  const timeline = new Timeline();
  timeline.append('lab', { kind: 'run-started', lab: 'x', arrangement: 'one-page' });
  timeline.append('alice', { kind: 'peer-opened', configuration: {} });
  for (const event of events) timeline.append('alice', event);
  return findings(timeline.entries)
    .filter(({ code }) => code.startsWith('turn-'))
    .map(({ code, severity }) => [code, severity]);
}
const connected: RtcEvent = { kind: 'connection-state', state: 'connected' };

test('the 401 with which TURN begins is nothing to tell of', () => {
  expect(codes(...refused(1, methods.Allocate, 401, false))).toEqual([]);
});

test.each([
  ['a second 401, to a signed request', refused(2, methods.Allocate, 401, true), 'turn-password'],
  ['403 for a peer', refused(2, methods.CreatePermission, 403, true), 'turn-forbidden'],
  ['486, the quota', refused(2, methods.Allocate, 486, true), 'turn-capacity'],
  ['508, no port', refused(2, methods.Allocate, 508, true), 'turn-capacity'],
])('%s is a problem, and only worth knowing where the call came up', (_, events, code) => {
  expect(codes(...refused(1, methods.Allocate, 401, false), ...events)).toEqual([[code, 'problem']]);
  expect(codes(connected, ...events)).toEqual([[code, 'notice']]);
});

test('a stale nonce is answered by the browser itself: nothing to tell of', () => {
  expect(codes(...refused(2, methods.Refresh, 438, true))).toEqual([]);
});
