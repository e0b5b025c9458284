import { expect, test } from 'vitest';
import { allMachines, DRAWING_WIDTH, drawEdge, edgeOf, machines, nodeBox, type Diagram } from './machines.ts';
import { opened, record } from './record.fixture.ts';
import { statesFold, taken } from './states.ts';

/** The states, in the words of the standard (webrtc-pc §4.3, §5.5.1, §6.2). */
const states = {
  'signaling-state': [
    'stable',
    'have-local-offer',
    'have-remote-offer',
    'have-local-pranswer',
    'have-remote-pranswer',
    'closed',
  ],
  'ice-gathering-state': ['new', 'gathering', 'complete'],
  'ice-connection-state': ['new', 'checking', 'connected', 'completed', 'disconnected', 'failed', 'closed'],
  'dtls-transport-state': ['new', 'connecting', 'connected', 'closed', 'failed'],
  'connection-state': ['new', 'connecting', 'connected', 'disconnected', 'failed', 'closed'],
  'data-channel': ['connecting', 'open', 'closing', 'closed'],
};

/** The edges of JSEP's figure (RFC 9429 §3.2) and of webrtc-pc's (§4.3.1), apart from those to the same state. */
const signalingEdges = [
  'stable > have-local-offer',
  'stable > have-remote-offer',
  'have-local-offer > stable',
  'have-local-offer > have-remote-pranswer',
  'have-remote-pranswer > stable',
  'have-remote-offer > stable',
  'have-remote-offer > have-local-pranswer',
  'have-local-pranswer > stable',
  '* > closed',
];

/** The example transitions of webrtc-pc §5.6.4. */
const iceEdges = [
  'new > checking',
  'checking > connected',
  'checking > disconnected',
  'checking > failed',
  'disconnected > checking',
  'failed > checking',
  'connected > completed',
  'completed > disconnected',
  'completed > connected',
  '* > closed',
];

const edgesOf = (machine: keyof typeof machines) =>
  machines[machine].edges.map(({ from, to }) => `${from} > ${to}`);

test.each(allMachines)(
  '%s: the nodes are the states of the standard, and every edge joins two of them',
  (machine) => {
    const { nodes, edges, initial }: Diagram = machines[machine];
    expect(Object.keys(nodes).toSorted()).toEqual(states[machine].toSorted());
    expect(nodes[initial]).toBeDefined();
    for (const { from, to } of edges) {
      expect(from === '*' || nodes[from], from).toBeTruthy();
      expect(nodes[to], to).toBeDefined();
    }
    expect(new Set(edgesOf(machine)).size).toBe(edges.length);
  },
);

test('signaling has the edges of the figure and no other', () => {
  expect(edgesOf('signaling-state').toSorted()).toEqual(signalingEdges.toSorted());
});

test('ICE has the transitions that the standard gives as examples', () => {
  expect(edgesOf('ice-connection-state')).toEqual(expect.arrayContaining(iceEdges));
});

test.each(allMachines)('%s: no node touches another one or leaves the drawing', (machine) => {
  const { nodes, height }: Diagram = machines[machine];
  const boxes = Object.entries(nodes).map(([name, [x, y]]) => {
    const box = nodeBox(name);
    return {
      name,
      left: x - box.width / 2,
      right: x + box.width / 2,
      top: y - box.height / 2,
      bottom: y + box.height / 2,
    };
  });
  for (const one of boxes) {
    expect(one.left, one.name).toBeGreaterThan(0);
    expect(one.right, one.name).toBeLessThan(DRAWING_WIDTH);
    expect(one.top, one.name).toBeGreaterThan(0);
    expect(one.bottom, one.name).toBeLessThan(height);
    for (const other of boxes)
      if (other !== one)
        expect(
          one.right < other.left ||
            other.right < one.left ||
            one.bottom < other.top ||
            other.bottom < one.top,
          `${one.name} and ${other.name}`,
        ).toBe(true);
  }
});

test.each(allMachines)('%s: every edge has a path', (machine) => {
  const { edges }: Diagram = machines[machine];
  for (const edge of edges) {
    const drawn = drawEdge(machine, edge.from, edge.to, edge);
    expect(drawn?.path).toMatch(/^M[\d. -]+[LQ]/);
    expect(drawn?.path).not.toContain('NaN');
  }
});

test('a state that nobody has heard of has no edge, and nothing breaks', () => {
  expect(edgeOf('connection-state', 'new', 'hibernating')).toBeUndefined();
  expect(drawEdge('connection-state', 'new', 'hibernating')).toBeUndefined();
});

const signaling = (state: RTCSignalingState) => ['alice', { kind: 'signaling-state', state }] as const;
const call = (number: number, method: string, ...args: string[]) =>
  ['alice', { kind: 'call', call: number, method, args }] as const;

test('each step of signaling names the call that brought it', () => {
  const tracks = statesFold()(
    record(
      opened('alice'),
      call(1, 'setLocalDescription'),
      signaling('have-local-offer'),
      [
        'alice',
        { kind: 'call-settled', call: 1, method: 'setLocalDescription', outcome: { ok: true }, tookMs: 1 },
      ],
      call(2, 'setRemoteDescription', 'answer, 4611 characters of SDP'),
      signaling('stable'),
    ),
  ).get('alice')!;
  expect(taken(tracks.get('signaling-state')!)).toMatchObject([
    { number: 1, from: 'stable', to: { state: 'have-local-offer' }, because: 'setLocalDescription()' },
    { number: 2, from: 'have-local-offer', to: { state: 'stable' }, because: 'setRemoteDescription(answer)' },
  ]);
});

test('a rollback is told from an answer', () => {
  const tracks = statesFold()(
    record(
      opened('alice'),
      signaling('have-local-offer'),
      call(1, 'setLocalDescription', '{"type":"rollback"}'),
      signaling('stable'),
    ),
  ).get('alice')!;
  expect(taken(tracks.get('signaling-state')!).at(-1)?.because).toBe('setLocalDescription(rollback)');
});

test('a jump of a browser is a step without an edge', () => {
  const tracks = statesFold()(
    record(opened('alice'), ['alice', { kind: 'connection-state', state: 'connected' }]),
  ).get('alice')!;
  expect(taken(tracks.get('connection-state')!)).toMatchObject([{ from: 'new', edge: undefined }]);
});

test('each channel and each DTLS transport has a way of its own, and close() ends them all', () => {
  const tracks = statesFold()(
    record(
      opened('alice'),
      ['alice', { kind: 'dtls-transport-state', state: 'new', mid: '0' }],
      ['alice', { kind: 'dtls-transport-state', state: 'new', mid: '1' }],
      ['alice', { kind: 'data-channel', label: 'chat', side: 'local', state: 'connecting' }],
      ['alice', { kind: 'data-channel', label: 'chat', side: 'local', state: 'open' }],
      ['alice', { kind: 'dtls-transport-state', state: 'connected', mid: '0' }],
      ['alice', { kind: 'peer-closed' }],
    ),
  ).get('alice')!;
  const way = (key: string) => tracks.get(key)?.stops.map(({ state }) => state);
  expect(way('dtls-transport-state 0')).toEqual(['new', 'connected', 'closed']);
  expect(way('dtls-transport-state 1')).toEqual(['new', 'closed']);
  expect(way('data-channel chat')).toEqual(['connecting', 'open', 'closed']);
  expect(way('ice-gathering-state')).toEqual(['new']);
});

test('a channel that tells of its end after close() has no end made up for it', () => {
  const channel = (state: RTCDataChannelState) =>
    ['alice', { kind: 'data-channel', label: 'chat', side: 'local', state }] as const;
  const tracks = statesFold()(
    record(
      opened('alice'),
      channel('open'),
      ['alice', { kind: 'peer-closed' }],
      channel('closing'),
      channel('closed'),
    ),
  ).get('alice')!;
  expect(tracks.get('data-channel chat')?.stops.map(({ state }) => state)).toEqual([
    'open',
    'closing',
    'closed',
  ]);
});
