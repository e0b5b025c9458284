/**
 * The state machines of a connection as the standard draws them, laid out by hand.
 *
 * A place is the middle of a node, in pixels of a drawing that is {@link DRAWING_WIDTH} wide: it fits a phone unscaled.
 */

export const DRAWING_WIDTH = 340;

export type Point = readonly [x: number, y: number];

export interface Edge {
  /** `*`: from every state. */
  readonly from: string;
  readonly to: string;
  /** What causes it, for a reader. */
  readonly because: string;
  /** The same beside the edge, one string for each line. Left out where there is no room. */
  readonly label?: readonly string[];
  /** How far the edge bends to the right of its way, in pixels; for two edges between the same nodes. */
  readonly bend?: number;
  /** Corners, where the edge goes around something. */
  readonly via?: readonly Point[];
  /** Middle of the label; on the middle of the edge when left out. */
  readonly labelAt?: Point;
}

export interface Diagram {
  readonly title: string;
  /** The property that tells the state. */
  readonly property: string;
  readonly spec: string;
  readonly height: number;
  readonly initial: string;
  readonly nodes: Readonly<Record<string, Point>>;
  readonly edges: readonly Edge[];
}

const closed = { from: '*', to: 'closed', because: 'close()', label: ['close(), from any state'] } as const;

export const machines = {
  'signaling-state': {
    title: 'Signaling',
    property: 'signalingState',
    spec: 'webrtc-pc §4.3.1, RFC 9429 §3.2',
    height: 476,
    initial: 'stable',
    nodes: {
      stable: [170, 32],
      'have-local-offer': [84, 204],
      'have-remote-offer': [256, 204],
      'have-remote-pranswer': [84, 336],
      'have-local-pranswer': [256, 336],
      closed: [170, 444],
    },
    edges: [
      {
        from: 'stable',
        to: 'have-local-offer',
        because: 'setLocalDescription(offer)',
        label: ['setLocal', '(offer)'],
        bend: 30,
        labelAt: [72, 110],
      },
      {
        from: 'stable',
        to: 'have-remote-offer',
        because: 'setRemoteDescription(offer)',
        label: ['setRemote', '(offer)'],
        bend: -30,
        labelAt: [268, 110],
      },
      {
        from: 'have-local-offer',
        to: 'stable',
        because: 'setRemoteDescription(answer), or a rollback',
        label: ['setRemote', '(answer)'],
        bend: 18,
        labelAt: [132, 140],
      },
      {
        from: 'have-remote-offer',
        to: 'stable',
        because: 'setLocalDescription(answer), or a rollback',
        label: ['setLocal', '(answer)'],
        bend: -18,
        labelAt: [208, 140],
      },
      {
        from: 'have-local-offer',
        to: 'have-remote-pranswer',
        because: 'setRemoteDescription(pranswer)',
        label: ['setRemote(pranswer)'],
      },
      {
        from: 'have-remote-offer',
        to: 'have-local-pranswer',
        because: 'setLocalDescription(pranswer)',
        label: ['setLocal(pranswer)'],
      },
      {
        from: 'have-remote-pranswer',
        to: 'stable',
        because: 'setRemoteDescription(answer)',
        label: ['setRemote(answer)'],
        via: [
          [9, 336],
          [9, 32],
        ],
        labelAt: [72, 32],
      },
      {
        from: 'have-local-pranswer',
        to: 'stable',
        because: 'setLocalDescription(answer)',
        label: ['setLocal(answer)'],
        via: [
          [331, 336],
          [331, 32],
        ],
        labelAt: [268, 32],
      },
      closed,
    ],
  },
  'ice-gathering-state': {
    title: 'ICE gathering',
    property: 'iceGatheringState',
    spec: 'webrtc-pc §4.3.2',
    height: 330,
    initial: 'new',
    nodes: { new: [170, 32], gathering: [170, 160], complete: [170, 288] },
    edges: [
      {
        from: 'new',
        to: 'gathering',
        because: 'setLocalDescription(): the search for addresses begins',
        label: ['setLocalDescription()'],
      },
      {
        from: 'gathering',
        to: 'complete',
        because: 'every address is found',
        label: ['every address is found'],
        bend: 26,
        labelAt: [88, 224],
      },
      {
        from: 'complete',
        to: 'gathering',
        because: 'an ICE restart, or a new m-section',
        label: ['ICE restart, or', 'a new m-section'],
        bend: 26,
        labelAt: [250, 224],
      },
    ],
  },
  'ice-connection-state': {
    title: 'ICE connection',
    property: 'iceConnectionState',
    spec: 'webrtc-pc §4.3.4, §5.6.4',
    height: 430,
    initial: 'new',
    nodes: {
      new: [80, 32],
      checking: [80, 146],
      connected: [80, 268],
      completed: [80, 390],
      failed: [266, 146],
      disconnected: [266, 268],
      closed: [266, 32],
    },
    edges: [
      {
        from: 'new',
        to: 'checking',
        because: 'remote candidates are there: checks begin',
        label: ['remote candidates'],
      },
      {
        from: 'checking',
        to: 'connected',
        because: 'a pair answers',
        label: ['a pair answers'],
      },
      {
        from: 'checking',
        to: 'failed',
        because: 'no pair answered; ICE gave up',
        label: ['gives up'],
        bend: -14,
        labelAt: [170, 124],
      },
      {
        from: 'checking',
        to: 'disconnected',
        because: 'the checks fail while gathering goes on',
        bend: 9,
      },
      {
        from: 'connected',
        to: 'completed',
        because: 'all checks are done',
        label: ['checks done'],
        bend: 22,
        labelAt: [46, 328],
      },
      {
        from: 'completed',
        to: 'connected',
        because: 'an ICE restart',
        label: ['ICE', 'restart'],
        bend: 22,
        labelAt: [112, 328],
      },
      {
        from: 'connected',
        to: 'disconnected',
        because: 'the pair in use does not answer any more',
        label: ['silence'],
        bend: -16,
        labelAt: [168, 254],
      },
      {
        from: 'disconnected',
        to: 'connected',
        because: 'it answers again',
        label: ['answers'],
        bend: -16,
        labelAt: [168, 284],
      },
      {
        from: 'completed',
        to: 'disconnected',
        because: 'the pair in use does not answer any more',
        label: ['silence'],
        labelAt: [204, 340],
      },
      {
        from: 'disconnected',
        to: 'failed',
        because: 'no answer came back in time',
        label: ['gives up'],
        labelAt: [276, 216],
      },
      {
        from: 'disconnected',
        to: 'checking',
        because: 'an ICE restart, or new local candidates',
        bend: 9,
      },
      {
        from: 'failed',
        to: 'checking',
        because: 'an ICE restart',
        label: ['restart'],
        bend: -14,
        labelAt: [170, 168],
      },
      { ...closed, label: ['close()'] },
    ],
  },
  'dtls-transport-state': {
    title: 'DTLS transport',
    property: 'RTCDtlsTransport.state',
    spec: 'webrtc-pc §5.5.1',
    height: 336,
    initial: 'new',
    nodes: {
      new: [80, 32],
      connecting: [80, 168],
      connected: [80, 304],
      failed: [262, 168],
      closed: [262, 304],
    },
    edges: [
      {
        from: 'new',
        to: 'connecting',
        because: 'ICE has a path: the handshake begins',
        label: ['ICE has a path'],
      },
      {
        from: 'connecting',
        to: 'connected',
        because: 'the handshake is done and the fingerprint is the right one',
        label: ['handshake done'],
      },
      {
        from: 'connecting',
        to: 'failed',
        because: 'an error, or a certificate that is not the one of the description',
        label: ['wrong', 'fingerprint'],
        labelAt: [172, 168],
      },
      { from: 'connected', to: 'failed', because: 'an error', label: ['an error'] },
      {
        ...closed,
        because: 'close(), here or at the other end (close_notify)',
        label: ['close() at an end'],
      },
    ],
  },
  'connection-state': {
    title: 'Connection',
    property: 'connectionState',
    spec: 'webrtc-pc §4.3.3',
    height: 350,
    initial: 'new',
    nodes: {
      new: [80, 32],
      connecting: [80, 160],
      connected: [80, 310],
      failed: [262, 160],
      disconnected: [262, 310],
      closed: [262, 32],
    },
    edges: [
      {
        from: 'new',
        to: 'connecting',
        because: 'ICE checks or the DTLS handshake begin',
        label: ['checks begin'],
      },
      {
        from: 'connecting',
        to: 'connected',
        because: 'every transport is up: ICE and DTLS are done',
        label: ['ICE and DTLS', 'are up'],
        bend: 16,
        labelAt: [46, 236],
      },
      {
        from: 'connected',
        to: 'connecting',
        because: 'an ICE restart, or a new transport',
        label: ['restart'],
        bend: 16,
        labelAt: [112, 236],
      },
      {
        from: 'connecting',
        to: 'failed',
        because: 'no pair answered, or the handshake failed',
        label: ['no path'],
        bend: -14,
        labelAt: [174, 144],
      },
      {
        from: 'failed',
        to: 'connecting',
        because: 'an ICE restart',
        label: ['restart'],
        bend: -14,
        labelAt: [174, 178],
      },
      {
        from: 'connected',
        to: 'disconnected',
        because: 'the pair in use does not answer any more',
        label: ['silence'],
        bend: -16,
        labelAt: [166, 294],
      },
      {
        from: 'disconnected',
        to: 'connected',
        because: 'it answers again',
        label: ['answers'],
        bend: -16,
        labelAt: [166, 328],
      },
      {
        from: 'disconnected',
        to: 'failed',
        because: 'no answer came back in time',
        label: ['gives up'],
      },
      {
        from: 'disconnected',
        to: 'connecting',
        because: 'an ICE restart',
      },
      { ...closed, label: ['close()'] },
    ],
  },
  'data-channel': {
    title: 'Data channel',
    property: 'RTCDataChannel.readyState',
    spec: 'webrtc-pc §6.2',
    height: 376,
    initial: 'connecting',
    nodes: { connecting: [90, 32], open: [90, 140], closing: [90, 240], closed: [250, 340] },
    edges: [
      {
        from: 'connecting',
        to: 'open',
        because: 'the SCTP association is up, and the channel is agreed',
        label: ['SCTP is up'],
      },
      { from: 'open', to: 'closing', because: 'close(), here or at the other end', label: ['close()'] },
      {
        from: 'connecting',
        to: 'closing',
        because: 'close(), before it was open',
        via: [
          [12, 32],
          [12, 240],
        ],
      },
      {
        from: 'closing',
        to: 'closed',
        because: 'what was buffered is sent, and the other end agreed',
        label: ['both ends', 'agree'],
        labelAt: [138, 304],
      },
      {
        from: 'open',
        to: 'closed',
        because: 'the transport is gone',
        label: ['transport', 'is gone'],
        via: [[250, 140]],
      },
      {
        from: 'connecting',
        to: 'closed',
        because: 'the transport is gone, or never came',
        via: [
          [310, 32],
          [310, 340],
        ],
      },
    ],
  },
} as const satisfies Readonly<Record<string, Diagram>>;

export type Machine = keyof typeof machines;
export const allMachines = [
  'signaling-state',
  'ice-gathering-state',
  'ice-connection-state',
  'dtls-transport-state',
  'connection-state',
  'data-channel',
] as const satisfies readonly Machine[];

/** The edge of the standard from one state to another; undefined where it has none. */
export function edgeOf(machine: Machine, from: string, to: string): Edge | undefined {
  const { edges }: Diagram = machines[machine];
  return (
    edges.find((edge) => edge.from === from && edge.to === to) ??
    edges.find((edge) => edge.from === '*' && edge.to === to)
  );
}

/** A node's word on one line, or on two where it is long; and its box. */
export function nodeBox(state: string): { lines: readonly string[]; width: number; height: number } {
  const cut = state.length > 14 ? state.lastIndexOf('-') + 1 : 0;
  const lines = cut > 0 ? [state.slice(0, cut), state.slice(cut)] : [state];
  const longest = Math.max(...lines.map(({ length }) => length));
  return { lines, width: Math.round(longest * 8.1 + 18), height: lines.length * 17 + 13 };
}

export interface Drawn {
  /** An SVG path from border to border. */
  readonly path: string;
  /** Where the number of a step stands: on the way, a third before its end. */
  readonly badgeAt: Point;
  readonly labelAt: Point;
}

/** The way of an edge, or of a jump that the standard does not know: straight, bent or around corners. */
export function drawEdge(machine: Machine, from: string, to: string, edge?: Edge): Drawn | undefined {
  const { nodes }: Diagram = machines[machine];
  const end = nodes[to];
  if (!end) return undefined;
  if (edge?.from === '*') return stub(end, to);
  const start = nodes[from];
  if (!start) return undefined;
  const corners = edge?.via ?? [bent(start, end, edge ? (edge.bend ?? 0) : 24)];
  const first = border(start, corners[0] ?? end, from);
  const last = border(end, corners.at(-1) ?? start, to);
  const [labelX, labelY] = edge?.labelAt ?? along(first, corners, last, 0.5);
  return {
    path: edge?.via ? rounded([first, ...corners, last]) : `M${p(first)}Q${p(corners[0] ?? end)} ${p(last)}`,
    badgeAt: along(first, corners, last, edge?.via ? 0.25 : 0.76),
    labelAt: [labelX, labelY],
  };
}

/** An arrow from nowhere, for what can happen in every state. */
function stub([x, y]: Point, to: string): Drawn {
  const { height } = nodeBox(to);
  // Above the node where there is room, else below it.
  const way = y > 60 ? -1 : 1;
  const last: Point = [x, y + (way * height) / 2];
  const first: Point = [x, last[1] + way * 26];
  return {
    path: `M${p(first)}L${p(last)}`,
    badgeAt: [x, last[1] + way * 14],
    labelAt: [x, first[1] + way * 10],
  };
}

const p = ([x, y]: Point): string => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;

/** The control point of a curve that leaves the straight line by `bend` pixels. */
function bent([x1, y1]: Point, [x2, y2]: Point, bend: number): Point {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  return [(x1 + x2) / 2 - ((y2 - y1) / length) * bend * 2, (y1 + y2) / 2 + ((x2 - x1) / length) * bend * 2];
}

/** Where the line from the middle of a node towards a point leaves its box. */
function border([x, y]: Point, [towardsX, towardsY]: Point, state: string): Point {
  const { width, height } = nodeBox(state);
  const [dx, dy] = [towardsX - x, towardsY - y];
  const scale = Math.min(
    dx === 0 ? Infinity : width / 2 / Math.abs(dx),
    dy === 0 ? Infinity : height / 2 / Math.abs(dy),
  );
  return Number.isFinite(scale) ? [x + dx * scale, y + dy * scale] : [x, y];
}

function along(first: Point, corners: readonly Point[], last: Point, share: number): Point {
  const mix = (a: Point, b: Point, t: number): Point => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
  const [one] = corners;
  if (corners.length === 1 && one) return mix(mix(first, one, share), mix(one, last, share), share);
  const points = [first, ...corners, last];
  const lengths = points
    .slice(1)
    .map((point, i) => Math.hypot(point[0] - points[i]![0], point[1] - points[i]![1]));
  let left = lengths.reduce((sum, length) => sum + length, 0) * share;
  for (const [i, length] of lengths.entries()) {
    if (left <= length) return mix(points[i]!, points[i + 1]!, length === 0 ? 0 : left / length);
    left -= length;
  }
  return last;
}

/** Straight lines with round corners. */
function rounded(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  return rest.reduce(
    (path, point, i) => {
      const next = rest[i + 1];
      if (!next) return `${path}L${p(point)}`;
      const before = i === 0 ? first : rest[i - 1]!;
      const near = (other: Point): Point => {
        const length = Math.hypot(other[0] - point[0], other[1] - point[1]) || 1;
        const radius = Math.min(12, length / 2) / length;
        return [point[0] + (other[0] - point[0]) * radius, point[1] + (other[1] - point[1]) * radius];
      };
      return `${path}L${p(near(before))}Q${p(point)} ${p(near(next))}`;
    },
    `M${p(first)}`,
  );
}
