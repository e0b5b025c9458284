/**
 * `npm run bench turn`: what relaying costs our STUN/TURN server, against coturn's.
 *
 * CPU time (user and system) of the server's process for a million relayed packets: coturn's own load client sends
 * through one relayed address to another, or to a peer outside that sends everything back, so that each message is
 * relayed twice. (Between two relayed addresses of ours the kernel is left out; coturn's is not.) Rounds alternate between the two
 * servers; what counts is the median of the rounds' ratios, because a machine's speed changes from one second to the
 * next. Linux only: that is where a process's CPU time can be read from outside.
 */
import { coturnMissing, startCoturn, startPeer, type TurnTarget, uclient } from '../tests/support/coturn.ts';
import { startTurn, usage } from '../tests/support/turn.ts';

const ROUNDS = 3;
const CLIENTS = 10;
const MESSAGES = 1_000;
const SIZE_BYTES = 1_000;
/** One message of each client in so many milliseconds: 2 000 messages per second in all. */
const EVERY_MS = 5;
const GOAL = 3;

interface Cost {
  /** For a million relayed packets. */
  readonly cpuSec: number;
  /** Messages that did not arrive. */
  readonly lost: number;
}

/** What is measured, and the flags of the client for it. */
const ways: readonly [way: string, flags: readonly string[], where: 'relay' | 'peer'][] = [
  ['ChannelData, relay to relay', [], 'relay'],
  ['Send and Data, relay to relay', ['-s'], 'relay'],
  ['ChannelData over TCP, relay to relay', ['-t'], 'relay'],
  ['ChannelData to a peer outside', [], 'peer'],
  ['Send and Data to a peer outside', ['-s'], 'peer'],
];

if (coturnMissing ?? process.platform !== 'linux') {
  console.log(`Not measured: ${coturnMissing ?? 'this needs Linux'}.`);
  process.exit(1);
}

await using ours = await startTurn({ peers: ['machine'] });
await using coturn = await startCoturn();
await using peer = await startPeer();
const flagsTo = { relay: ['-y'], peer: ['-e', '127.0.0.1', '-r', `${peer.port}`] };
const servers = { ours, coturn };
const names = ['ours', 'coturn'] as const;

console.log(
  `${CLIENTS} clients, ${(1000 / EVERY_MS) * CLIENTS} messages of ${SIZE_BYTES} bytes per second, each relayed twice; ${ROUNDS} rounds\n`,
);
console.log(
  'CPU seconds per million relayed packets'.padEnd(42),
  '   ours  coturn   ratio   lost, ours/coturn',
);
let users = 0;
for (const [way, extra, where] of ways) {
  const flags = [...extra, ...flagsTo[where]];
  await load(ours, flags, 100); // once for the compiler, not counted
  const rounds: Record<(typeof names)[number], Cost>[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const cost = { ours: { cpuSec: 0, lost: 0 }, coturn: { cpuSec: 0, lost: 0 } };
    for (const name of round % 2 === 0 ? names : names.toReversed())
      cost[name] = await load(servers[name], flags, MESSAGES);
    rounds.push(cost);
  }
  const [own, other] = names.map((name) => median(rounds.map((cost) => cost[name].cpuSec)));
  const ratio = median(rounds.map(({ ours, coturn }) => ours.cpuSec / coturn.cpuSec));
  const lost = names.map((name) => rounds.reduce((sum, cost) => sum + cost[name].lost, 0));
  console.log(
    way.padEnd(42),
    (own ?? Number.NaN).toFixed(1).padStart(7),
    (other ?? Number.NaN).toFixed(1).padStart(7),
    ratio.toFixed(2).padStart(7),
    `  ${lost.join('/')}`.padEnd(12),
    `(goal ≤ ${GOAL}: ${ratio <= GOAL ? 'met' : 'missed'})`,
  );
}

/** What one run of the load client cost the server. */
async function load(
  server: TurnTarget & { pid: number },
  flags: readonly string[],
  messages: number,
): Promise<Cost> {
  const before = usage(server.pid).cpuSec;
  const args = ['-c', ...flags, '-m', `${CLIENTS}`, '-n', `${messages}`];
  const { sent, received, output } = await uclient(
    server,
    [...args, '-l', `${SIZE_BYTES}`, '-z', `${EVERY_MS}`],
    `load${++users}.alice`,
  );
  if (received === 0) throw new Error(output);
  const used = usage(server.pid).cpuSec - before;
  return { cpuSec: (used / (2 * received)) * 1_000_000, lost: sent - received };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
