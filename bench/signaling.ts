/**
 * Relayed messages per second, and how long one takes, of three signaling servers under the same load: ours,
 * the Socket.IO relay of a tutorial, the same with acknowledgements (which ours always gives), and a bare
 * WebSocket relay. `npm run bench signaling`, about a minute.
 *
 * Each server has its own process. The client speaks the frames itself, so that it costs little and the server
 * is what is measured. Rounds alternate between the servers; what counts is the median of the rounds' ratios,
 * because a machine's speed changes from one second to the next. The CPU time of the server for one message
 * is printed as well: it is what a busy machine disturbs least.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import WebSocket from 'ws';

const PAIRS = 20;
/** Messages of one pair that are under way at a time, when throughput is measured. */
const WINDOW = 8;
/** Messages per second of all pairs together, when latency is measured: well below what any of them can do. */
const PACE_PER_SEC = 1_500;
const ROUND_MS = 1_000;
const ROUNDS = 6;
const GOALS = { throughput: 0.9, p99: 1.2 };

/** One description of 2.5 kB in ten messages, candidates otherwise: about what a call sends. */
const sdp = `v=0\r\n${'a=rtpmap:96 VP8/90000\r\n'.repeat(110)}`;
const description = JSON.stringify({ description: { type: 'offer', sdp } });
const candidate = JSON.stringify({
  candidate: {
    candidate: 'candidate:1467250027 1 udp 2122260223 192.168.0.196 46243 typ host generation 0 ufrag abcd',
    sdpMid: '0',
    sdpMLineIndex: 0,
    usernameFragment: 'abcd',
  },
});

const kinds = ['ours', 'plain', 'acked', 'ws'] as const;
type Kind = (typeof kinds)[number];
type Child = ChildProcessByStdio<Writable, Readable, null>;

/** Two connections of one room; the first sends, the second receives. */
interface Pair {
  send(): void;
  received: () => void;
  close(): void;
}

interface Result {
  perSec: number;
  cpuUs: number;
  p50Ms: number;
  p99Ms: number;
}

/** The next message that `fits`, as text. */
function next(socket: WebSocket, fits: (text: string) => boolean): Promise<string> {
  return new Promise((resolve) => {
    const listener = (bytes: WebSocket.RawData) => {
      const text = String(bytes as Buffer); // oxlint-disable-line typescript/no-unnecessary-type-assertion -- never a list here
      if (!fits(text)) return;
      socket.off('message', listener);
      resolve(text);
    };
    socket.on('message', listener);
  });
}

/** A connection that has entered `room`, and what others call it. */
async function enter(kind: Kind, port: number, room: string): Promise<{ socket: WebSocket; id: string }> {
  const path = kind === 'ws' ? room : 'socket.io/?EIO=4&transport=websocket';
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${path}`, { perMessageDeflate: false });
  await once(socket, 'open');
  if (kind === 'ws') return { socket, id: room };
  socket.send('40');
  await next(socket, (text) => text.startsWith('40'));
  socket.send(kind === 'ours' ? `420["room:join",{"room":"${room}","page":"p"}]` : `420["join","${room}"]`);
  const reply = await next(socket, (text) => text.startsWith('430'));
  const [answer] = JSON.parse(reply.slice(3)) as [string | { value: { self: { peer: string } } }];
  return { socket, id: typeof answer === 'string' ? answer : answer.value.self.peer };
}

function frame(kind: Kind, id: number, payload: string): string {
  switch (kind) {
    case 'ours':
      return `42${id}["signal:send",${payload}]`;
    case 'plain':
      return `42["signal",${payload}]`;
    case 'acked':
      return `42${id}["signal",${payload}]`;
    case 'ws':
      return payload;
    default:
      return kind satisfies never;
  }
}

async function openPair(kind: Kind, port: number, room: string): Promise<Pair> {
  const alice = await enter(kind, port, room);
  const bob = await enter(kind, port, room);
  let sent = 0;
  const pair: Pair = {
    received: () => {},
    send: () => {
      const signal = ++sent % 10 === 0 ? description : candidate;
      const payload = `{"to":"${bob.id}","signal":${signal}}`;
      alice.socket.send(frame(kind, sent, payload));
    },
    close: () => [alice, bob].forEach(({ socket }) => socket.terminate()),
  };
  for (const { socket } of [alice, bob])
    socket.on('message', (bytes: Buffer) => {
      // Engine.IO's ping, to be answered within the server's time-out.
      if (bytes.length === 1 && bytes[0] === 0x32) socket.send('3');
    });
  const mark = kind === 'ours' ? '42["signal:received"' : kind === 'ws' ? '{' : '42["signal"';
  bob.socket.on('message', (bytes: Buffer) => {
    if (bytes.toString('latin1', 0, mark.length) === mark) pair.received();
  });
  return pair;
}

/** As many as go through with a full window. */
async function throughput(pairs: Pair[], child: Child): Promise<{ perSec: number; cpuUs: number }> {
  let count = 0;
  let going = true;
  for (const pair of pairs) {
    pair.received = () => {
      count++;
      if (going) pair.send();
    };
    for (let index = 0; index < WINDOW; index++) pair.send();
  }
  await sleep(ROUND_MS / 4);
  const [cpuBefore, before, startMs] = [await cpuUs(child), count, performance.now()];
  await sleep(ROUND_MS);
  const relayed = count - before;
  const perSec = relayed / ((performance.now() - startMs) / 1000);
  const used = (await cpuUs(child)) - cpuBefore;
  going = false;
  await sleep(100);
  return { perSec, cpuUs: used / relayed };
}

/** CPU time that the server has used so far, in microseconds. */
async function cpuUs(child: Child): Promise<number> {
  child.stdin.write('\n');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return Number(line.toString());
}

/** From sending to receiving, at a steady pace. Each pair keeps its order, so the oldest is the one that arrives. */
async function latencies(pairs: Pair[]): Promise<number[]> {
  const took: number[] = [];
  const sentMs = pairs.map((): number[] => []);
  for (const [index, pair] of pairs.entries())
    pair.received = () => void took.push(performance.now() - (sentMs[index]?.shift() ?? Number.NaN));
  const startMs = performance.now();
  let sent = 0;
  while (performance.now() - startMs < ROUND_MS) {
    const due = ((performance.now() - startMs) / 1000) * PACE_PER_SEC;
    for (; sent < due; sent++) {
      const index = sent % pairs.length;
      sentMs[index]?.push(performance.now());
      pairs[index]?.send();
    }
    await sleep(1);
  }
  await sleep(100);
  return took.toSorted((a, b) => a - b);
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const median = (values: number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const quantile = (sorted: number[], share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;

const children = {} as Record<Kind, Child>;
const pairsOf = {} as Record<Kind, Pair[]>;
const results: Record<Kind, Result[]> = { ours: [], plain: [], acked: [], ws: [] };
try {
  for (const kind of kinds) {
    const child = spawn(process.execPath, [new URL('signaling-relays.ts', import.meta.url).pathname, kind], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children[kind] = child;
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const port = Number(line.toString());
    pairsOf[kind] = await Promise.all(
      Array.from({ length: PAIRS }, (_, index) => openPair(kind, port, `room-${index}`)),
    );
    // Once for the compiler, not counted.
    await throughput(pairsOf[kind], child);
  }
  for (let round = 0; round < ROUNDS; round++) {
    // Each goes first as often as the others.
    for (let index = 0; index < kinds.length; index++) {
      const kind = kinds[(index + round) % kinds.length]!;
      const { perSec, cpuUs: cpu } = await throughput(pairsOf[kind], children[kind]);
      const took = await latencies(pairsOf[kind]);
      results[kind].push({ perSec, cpuUs: cpu, p50Ms: quantile(took, 0.5), p99Ms: quantile(took, 0.99) });
    }
  }
} finally {
  for (const pairs of Object.values(pairsOf)) for (const pair of pairs) pair.close();
  for (const child of Object.values(children)) child.stdin.end();
}

const of = (kind: Kind, field: keyof Result) => median(results[kind].map((result) => result[field]));
const ratio = (field: keyof Result, to: Kind) =>
  median(results.ours.map((result, round) => result[field] / (results[to][round]?.[field] ?? Number.NaN)));

console.log(
  `${PAIRS} pairs, ${ROUNDS} rounds; throughput with ${WINDOW} under way, latency at ${PACE_PER_SEC}/s\n`,
);
console.log('server               messages/s   CPU µs   p50 ms   p99 ms');
for (const [kind, name] of [
  ['ours', 'ours, checked'],
  ['plain', 'Socket.IO, tutorial'],
  ['acked', '  acknowledged'],
  ['ws', 'bare ws'],
] as const)
  console.log(
    name.padEnd(20),
    of(kind, 'perSec').toFixed(0).padStart(11),
    of(kind, 'cpuUs').toFixed(1).padStart(8),
    of(kind, 'p50Ms').toFixed(2).padStart(8),
    of(kind, 'p99Ms').toFixed(2).padStart(8),
  );
const speed = ratio('perSec', 'plain');
const tail = ratio('p99Ms', 'plain');
console.log();
for (const [kind, name] of [
  ['acked', 'Socket.IO, acknowledged'],
  ['ws', 'bare ws'],
] as const) {
  const [perSec, cpu, p99] = (['perSec', 'cpuUs', 'p99Ms'] as const).map((field) =>
    ratio(field, kind).toFixed(2),
  );
  console.log(`ours / ${name}: throughput ${perSec}, CPU ${cpu}, p99 ${p99}`);
}
console.log(
  `ours / Socket.IO: CPU ${ratio('cpuUs', 'plain').toFixed(2)}, throughput ${speed.toFixed(2)} (goal ≥ ${GOALS.throughput}: ${speed >= GOALS.throughput ? 'met' : 'missed'}), ` +
    `p99 ${tail.toFixed(2)} (goal ≤ ${GOALS.p99}: ${tail <= GOALS.p99 ? 'met' : 'missed'})`,
);
