import { expect, test } from 'vitest';
import { decodeMessage, encodeMessage, type MessageToSend } from '../../src/protocol/stun/message.ts';
import { attributes, methods } from '../../src/protocol/stun/names.ts';
import {
  WireAllocations,
  WireMessages,
  type WireAllocation,
  type WireMessage,
} from '../../src/protocol/wire.ts';
import type { AllocationView, Flow } from './flow.ts';
import { Wire, type Viewer } from './wire.ts';

const [ANNE, BEN] = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'];
const OWN = '192.168.7.10';

/** A wire with a clock of its own, where «soon» is when the test says so. */
function setUp() {
  let nowMs = 0;
  let due: (() => void)[] = [];
  let allocations: AllocationView[] = [];
  const wire = new Wire({
    now: () => nowMs,
    isOwn: (address) => address === OWN || address.startsWith('127.'),
    allocationsOf: (session) => allocations.filter((one) => one.session === session),
    endAllocationsOf: () => 0,
    soon: (act) => void due.push(act),
  });
  const settle = () => {
    for (const act of due.splice(0)) act();
  };
  const watch = (session: string) => {
    const seen = { messages: [] as WireMessage[], missed: 0, lists: [] as WireAllocation[][] };
    const viewer: Viewer = {
      messages: (messages, missed) => {
        WireMessages.parse({ messages, missed });
        seen.messages.push(...messages);
        seen.missed += missed;
      },
      allocations: (list) => void seen.lists.push(WireAllocations.parse({ list }).list),
    };
    wire.watch(session, viewer);
    return Object.assign(seen, { viewer });
  };
  return {
    wire,
    watch,
    settle,
    pass: (ms: number) => {
      nowMs += ms;
      wire.tick();
      settle();
    },
    hold: (list: AllocationView[]) => (allocations = list),
  };
}

let flows = 0;
const flowOf = (address: string, port: number, transport: Flow['transport'] = 'udp'): Flow => ({
  id: ++flows,
  transport,
  client: { address, port },
  server: { address: OWN, port: 3478 },
});
const message = (
  kind: MessageToSend['class'],
  method: number,
  values: MessageToSend['attributes'] = [],
): Uint8Array =>
  encodeMessage({ class: kind, method, transactionId: new Uint8Array(12), attributes: values });
const binding = message('request', methods.Binding);
const allocate = message('request', methods.Allocate);
const carrying = (data: Uint8Array) =>
  message('indication', methods.Send, [{ type: attributes.DATA, value: data }]);
const nameOf = (session: string, label = 'alice') => `1795312673:${session}.${label}`;
const titles = ({ messages }: { messages: readonly WireMessage[] }) =>
  messages.map(({ peer, way, bytes }) => {
    const { class: kind, method } = decodeMessage(Buffer.from(bytes, 'base64'))!;
    return `${peer} ${way} ${method} ${kind}`;
  });

test('what came before the user name is handed over with it, and then each message as it comes', () => {
  const { wire, watch, settle } = setUp();
  const anne = watch(ANNE);
  const flow = flowOf('192.0.2.1', 50_000);
  wire.tap.message(flow, 'received', binding);
  wire.tap.message(flow, 'sent', message('success', methods.Binding));
  wire.tap.message(flow, 'received', allocate);
  settle();
  expect(anne.messages).toEqual([]);
  wire.tap.user(flow, nameOf(ANNE));
  wire.tap.message(flow, 'sent', message('success', methods.Allocate));
  settle();
  expect(titles(anne)).toEqual([
    'alice received 1 request',
    'alice sent 1 success',
    'alice received 3 request',
    'alice sent 3 success',
  ]);
  expect(anne.messages[1]).toMatchObject({
    transport: 'udp',
    source: `${OWN}:3478`,
    destination: '192.0.2.1:50000',
  });
});

test('two sessions never see each other’s messages and allocations', () => {
  const { wire, watch, settle, hold, pass } = setUp();
  const [anne, ben] = [watch(ANNE), watch(BEN)];
  const [hers, his] = [flowOf('192.0.2.1', 50_000), flowOf('192.0.2.1', 50_001)];
  for (const [flow, session] of [
    [hers, ANNE],
    [his, BEN],
  ] as const) {
    wire.tap.message(flow, 'received', allocate);
    wire.tap.user(flow, nameOf(session));
  }
  hold([viewOf(hers, ANNE), viewOf(his, BEN)]);
  settle();
  pass(1_000);
  expect(anne.messages.map(({ source }) => source)).toEqual(['192.0.2.1:50000']);
  expect(ben.messages.map(({ source }) => source)).toEqual(['192.0.2.1:50001']);
  expect(anne.lists.at(-1)?.map(({ client }) => client)).toEqual(['192.0.2.1:50000']);
  expect(ben.lists.at(-1)?.map(({ client }) => client)).toEqual(['192.0.2.1:50001']);
});

test('a page gets a STUN-only flow by its port, before or after the message, but only from its own address', () => {
  const { wire, watch, settle } = setUp();
  const [anne, ben] = [watch(ANNE), watch(BEN)];
  wire.tap.message(flowOf('192.0.2.1', 40_000), 'received', binding);
  expect(wire.claim(BEN, { peer: 'bob', port: 40_000 }, '192.0.2.9')).toBe(0);
  expect(wire.claim(ANNE, { peer: 'alice', port: 40_000 }, '192.0.2.1')).toBe(1);
  expect(wire.claim(ANNE, { peer: 'alice', port: 40_001 }, '::ffff:192.0.2.1')).toBe(0);
  wire.tap.message(flowOf('192.0.2.1', 40_001), 'received', binding);
  wire.tap.message(flowOf('192.0.2.1', 40_002), 'received', binding);
  wire.tap.message(flowOf('192.0.2.9', 40_000), 'received', binding);
  settle();
  expect(anne.messages.map(({ source }) => source)).toEqual(['192.0.2.1:40000', '192.0.2.1:40001']);
  expect(ben.messages.map(({ source }) => source)).toEqual(['192.0.2.9:40000']);
});

test('a page on this machine may name any of the machine’s addresses, nobody else may', () => {
  const { wire, watch, settle } = setUp();
  const [anne, ben] = [watch(ANNE), watch(BEN)];
  wire.claim(BEN, { peer: 'bob', port: 41_000 }, '192.0.2.9');
  wire.claim(ANNE, { peer: 'alice', port: 41_000, address: '127.0.0.1' }, '127.0.0.1');
  wire.tap.message(flowOf(OWN, 41_000), 'received', binding);
  settle();
  expect(titles(anne)).toEqual(['alice received 1 request']);
  expect(ben.messages).toEqual([]);
});

test('of two sessions that want the same port, neither gets it', () => {
  const { wire, watch, settle } = setUp();
  const [anne, ben] = [watch(ANNE), watch(BEN)];
  wire.claim(ANNE, { peer: 'alice', port: 42_000 }, '192.0.2.1');
  wire.claim(BEN, { peer: 'bob', port: 42_000 }, '192.0.2.1');
  wire.tap.message(flowOf('192.0.2.1', 42_000), 'received', binding);
  settle();
  expect([...anne.messages, ...ben.messages]).toEqual([]);
});

test('nobody claims what another session has proved, and a proof takes back what was claimed', () => {
  const { wire, watch, settle } = setUp();
  const [anne, ben] = [watch(ANNE), watch(BEN)];
  const flow = flowOf('192.0.2.1', 43_000);
  wire.tap.message(flow, 'received', allocate);
  wire.tap.user(flow, nameOf(ANNE));
  expect(wire.claim(BEN, { peer: 'bob', port: 43_000 }, '192.0.2.1')).toBe(0);
  const other = flowOf('192.0.2.1', 43_001);
  wire.claim(BEN, { peer: 'bob', port: 43_001 }, '192.0.2.1');
  wire.tap.message(other, 'received', binding);
  wire.tap.user(other, nameOf(ANNE));
  wire.tap.message(other, 'received', allocate);
  settle();
  expect(titles(ben)).toEqual(['bob received 1 request']);
  expect(titles(anne)).toEqual(['alice received 3 request', 'alice received 3 request']);
});

test('flows that nobody claims are forgotten, after half a minute or when there are too many', () => {
  const { wire, watch, pass } = setUp();
  const anne = watch(ANNE);
  wire.tap.message(flowOf('192.0.2.1', 44_000), 'received', binding);
  pass(31_000);
  expect(wire.counts.flows).toBe(0);
  expect(wire.claim(ANNE, { peer: 'alice', port: 44_000 }, '192.0.2.1')).toBe(0);
  pass(31_000);
  expect(wire.counts.claims).toBe(0);
  for (let port = 1; port <= 5_000; port++)
    for (let again = 0; again < 20; again++) {
      const flow = { ...flowOf('192.0.2.7', port), id: 1_000_000 + port };
      wire.tap.message(flow, 'received', binding);
    }
  expect(wire.counts.flows).toBe(1_000);
  expect(wire.claim(ANNE, { peer: 'alice', port: 1 }, '192.0.2.7')).toBe(0);
  expect(wire.claim(ANNE, { peer: 'alice', port: 5_000 }, '192.0.2.7')).toBe(1);
  pass(0);
  expect(anne.messages).toHaveLength(8);
});

test('a flood is bounded, and how much of it was left out is told', () => {
  const { wire, watch, settle, pass } = setUp();
  const anne = watch(ANNE);
  const flow = flowOf('192.0.2.1', 45_000);
  wire.tap.message(flow, 'received', allocate);
  wire.tap.user(flow, nameOf(ANNE));
  for (let count = 0; count < 10_000; count++) wire.tap.message(flow, 'received', binding);
  settle();
  expect(anne.messages).toHaveLength(400);
  pass(1_000);
  expect(anne.missed).toBe(9_601);
  wire.tap.message(flow, 'received', binding);
  wire.tap.message(flow, 'received', carrying(new Uint8Array(60_000).fill(1)));
  settle();
  expect(anne.messages).toHaveLength(401);
  pass(1_000);
  expect(anne.missed).toBe(9_602);
});

test('of the packets inside indications, checks are told and of the others only the first', () => {
  const { wire, watch, settle } = setUp();
  const anne = watch(ANNE);
  const flow = flowOf('192.0.2.1', 46_000);
  wire.tap.message(flow, 'received', allocate);
  wire.tap.user(flow, nameOf(ANNE));
  for (let count = 0; count < 100; count++)
    wire.tap.message(flow, 'received', carrying(Uint8Array.of(0x80, 0x60)));
  wire.tap.message(flow, 'received', carrying(binding));
  settle();
  expect(anne.messages).toHaveLength(22);
  expect(anne.missed).toBe(0);
});

test('the bytes that are told stay as they were, whatever the socket does with its buffer', () => {
  const { wire, watch, settle } = setUp();
  const anne = watch(ANNE);
  const flow = flowOf('192.0.2.1', 47_000);
  const buffer = Uint8Array.from(allocate);
  wire.tap.message(flow, 'received', buffer);
  buffer.fill(0xff);
  wire.tap.user(flow, nameOf(ANNE));
  settle();
  expect(titles(anne)).toEqual(['alice received 3 request']);
});

test('allocations are told when something of them has changed, and at once after a success', () => {
  const { wire, watch, settle, hold, pass } = setUp();
  const anne = watch(ANNE);
  const flow = flowOf('192.0.2.1', 48_000);
  settle();
  pass(1_000);
  expect(anne.lists).toEqual([]);
  hold([viewOf(flow, ANNE)]);
  wire.tap.message(flow, 'received', allocate);
  wire.tap.user(flow, nameOf(ANNE));
  wire.tap.message(flow, 'sent', message('success', methods.Allocate));
  settle();
  expect(anne.lists).toHaveLength(1);
  expect(anne.lists[0]?.[0]).toMatchObject({
    peer: 'alice',
    relayed: `${OWN}:49160`,
    lifetimeLeftMs: 600_000,
  });
  hold([{ ...viewOf(flow, ANNE), leftMs: 598_000 }]);
  pass(2_000); // only time has passed
  expect(anne.lists).toHaveLength(1);
  hold([{ ...viewOf(flow, ANNE), permissions: [{ address: OWN, leftMs: 300_000 }] }]);
  pass(1_000);
  expect(anne.lists).toHaveLength(2);
  wire.tap.message(flow, 'sent', message('success', methods.Refresh));
  settle();
  expect(anne.lists).toHaveLength(3);
  hold([]);
  pass(1_000);
  expect(anne.lists.at(-1)).toEqual([]);
});

test('a page that came back is not cut off by the end of its old connection', () => {
  const { wire, watch, settle } = setUp();
  const [before, after] = [watch(ANNE), watch(ANNE)];
  wire.unwatch(ANNE, before.viewer);
  const flow = flowOf('192.0.2.1', 50_500);
  wire.tap.message(flow, 'received', allocate);
  wire.tap.user(flow, nameOf(ANNE));
  settle();
  expect([before.messages.length, after.messages.length]).toEqual([0, 1]);
});

test('a page that has gone is told nothing more, and its ports are free', () => {
  const { wire, watch, settle } = setUp();
  const anne = watch(ANNE);
  wire.claim(ANNE, { peer: 'alice', port: 49_000 }, '192.0.2.1');
  wire.unwatch(ANNE, anne.viewer);
  wire.tap.message(flowOf('192.0.2.1', 49_000), 'received', binding);
  settle();
  expect(anne.messages).toEqual([]);
  expect(wire.counts).toMatchObject({ sessions: 0, claims: 0 });
  expect(wire.claim(ANNE, { peer: 'alice', port: 49_000 }, '192.0.2.1')).toBe(0);
});

function viewOf(flow: Flow, session: string): AllocationView {
  const none = { packets: 0, bytes: 0 };
  return {
    session,
    label: 'alice',
    flow,
    relayed: { address: OWN, port: 49_160 },
    leftMs: 600_000,
    permissions: [],
    channels: [],
    counters: {
      fromClient: none,
      toClient: none,
      channelData: { fromClient: none, toClient: none },
      dropped: 0,
    },
  };
}
