/** Our own STUN/TURN server for tests: here, with a clock that can be put forward, or in a process of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { pino } from 'pino';
import type { PeerMode } from '../../server/stun-turn/peers.ts';
import { createStunTurn } from '../../server/stun-turn/stun-turn.ts';
import type { TurnTarget } from './coturn.ts';

export interface TurnOptions {
  readonly peers?: readonly PeerMode[];
  readonly userQuota?: number;
  readonly totalQuota?: number;
  readonly lifetimeSec?: number;
}

/** One in this process. */
export interface TurnHere extends TurnTarget, AsyncDisposable {
  readonly allocations: number;
  /** Puts its clock forward, and waits until what has run out is gone. @param laterMs milliseconds */
  pass(laterMs: number): Promise<void>;
}

const SECRET = 'a secret of the tests';
/** Longer than that of the server's own timer. */
const TICK_MS = 700;

/** Opens one on a free port of this machine's addresses; `await using` ends it. */
export async function openTurn(options: TurnOptions = {}): Promise<TurnHere> {
  let aheadMs = 0;
  const server = createStunTurn(
    {
      host: '127.0.0.1',
      port: 0,
      tlsPort: 0,
      peers: ['relays'],
      relayPorts: { low: 49_152, high: 65_535 },
      lifetimeSec: 600,
      userQuota: 100,
      totalQuota: 1000,
      ...options,
    },
    {
      log: pino({ level: 'warn', base: null }, pino.destination(2)),
      now: () => Math.round(performance.timeOrigin + performance.now()) + aheadMs,
      secret: SECRET,
    },
  );
  await server.listen();
  return {
    address: '127.0.0.1',
    port: server.health.port,
    secret: SECRET,
    get allocations() {
      return server.health.allocations;
    },
    pass: (laterMs) => {
      aheadMs += laterMs;
      return new Promise((resolve) => setTimeout(resolve, TICK_MS));
    },
    [Symbol.asyncDispose]: () => Promise.resolve(server.close()),
  };
}

/** One in a process of its own: what it uses, and what is left of it, can be seen from outside. */
export interface TurnProcess extends TurnTarget, AsyncDisposable {
  readonly pid: number;
}

/** Starts it; `await using` ends it. */
export async function startTurn(options: TurnOptions = {}): Promise<TurnProcess> {
  const child = fork('tests/support/turn-process.ts', [JSON.stringify(options)], { execArgv: [] });
  const [target] = (await once(child, 'message')) as [TurnTarget];
  return {
    ...target,
    pid: child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** What a process holds, as Linux counts it. CPU in seconds, user and system together. */
export function usage(pid: number): { rssMB: number; files: number; cpuSec: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  // Behind the name, which may hold anything: utime and stime are fields 14 and 15 (proc_pid_stat(5)).
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return {
    rssMB: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024,
    files: readdirSync(`/proc/${pid}/fd`).length,
    cpuSec: (Number(fields[11]) + Number(fields[12])) / 100,
  };
}
