import { expect, test } from 'vitest';
import { Timeline, type RtcEvent } from '../../rtc/timeline.ts';
import type { AllocationSample } from '../../rtc/stun/allocation.ts';
import type { CandidatePairSample } from '../../rtc/stats/sample.ts';
import { attributes, methods } from '../../protocol/stun/names.ts';
import { encodeMessage, errorCode } from '../../protocol/stun/message.ts';
import { factsOf } from './proof.ts';

function timelineOf(...events: [atMs: number, peer: string, event: RtcEvent][]) {
  let nowMs = 0;
  const timeline = new Timeline(() => nowMs);
  for (const [atMs, peer, event] of events) {
    nowMs = atMs;
    timeline.append(peer, event);
  }
  return timeline.entries;
}

const pairOf = (bytes: number, currentRoundTripTimeMs: number): RtcEvent => {
  const candidatePair: CandidatePairSample = {
    local: { type: 'relay', protocol: 'udp', relayProtocol: 'tcp' },
    remote: { type: 'relay', protocol: 'udp' },
    bytesSent: bytes,
    bytesReceived: 0,
    currentRoundTripTimeMs,
  };
  return { kind: 'stats', sample: { atMs: 0, candidatePair, outbound: [], inbound: [] } };
};

const none = { packets: 0, bytes: 0 };
const allocated = (peer: string, bytes: number): AllocationSample => ({
  peer,
  transport: 'tcp',
  client: '192.0.2.1:1',
  server: '192.0.2.2:3478',
  relayed: '192.0.2.2:50000',
  lifetimeLeftMs: 600_000,
  permissions: [],
  channels: [],
  fromClient: { packets: 1, bytes },
  toClient: none,
  channelDataFromClient: none,
  channelDataToClient: none,
  dropped: 0,
});
const counted = (...list: AllocationSample[]): RtcEvent => ({ kind: 'allocations', list });

test('the server’s count is read at the moment of the browser’s, between two readings', () => {
  const entries = timelineOf(
    [1000, 'lab', counted(allocated('carol', 1000), allocated('dave', 7))],
    [1500, 'carol', pairOf(2000, 4)],
    [2000, 'lab', counted(allocated('carol', 3000), allocated('dave', 9))],
  );
  expect(factsOf(entries, 'carol', 'dave')).toMatchObject({
    pair: { local: 'relay', remote: 'relay', over: 'tcp' },
    browserBytes: 2000,
    serverBytes: 2000,
  });
});

test('the round trip is the median of its samples; a peer without a call has none', () => {
  const entries = timelineOf(
    [0, 'carol', pairOf(1, 9)],
    [1, 'carol', pairOf(2, 1)],
    [2, 'carol', pairOf(3, 3)],
  );
  expect(factsOf(entries, 'carol', 'dave').rtt).toEqual({ medianMs: 3, samples: 3 });
  expect(factsOf(entries, 'alice', 'bob')).toMatchObject({
    pair: undefined,
    rtt: undefined,
    browserBytes: 0,
  });
});

test('a refused permission is told, the challenge for credentials is not', () => {
  const refusal = (code: number, reason: string): RtcEvent => ({
    kind: 'wire-message',
    at: 'server',
    way: 'sent',
    transport: 'udp',
    source: '192.0.2.2:3478',
    destination: '192.0.2.1:1',
    bytes: Buffer.from(
      encodeMessage({
        class: 'error',
        method: methods.CreatePermission,
        transactionId: new Uint8Array(12),
        attributes: [{ type: attributes.ERROR_CODE, value: errorCode(code, reason) }],
      }),
    ).toString('base64'),
  });
  const entries = timelineOf(
    [0, 'carol', refusal(401, 'Unauthenticated')],
    [1, 'carol', refusal(403, 'Forbidden')],
    [2, 'carol', refusal(403, 'Forbidden')],
    [3, 'dave', { kind: 'connection-state', state: 'failed' }],
  );
  expect(factsOf(entries, 'carol', 'dave')).toMatchObject({
    state: 'failed',
    refusals: ['CreatePermission: 403 Forbidden'],
  });
});
