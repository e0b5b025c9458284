/** Our own STUN/TURN server in a process of its own: what it uses, and what is left of it, can be seen from outside. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { PeerMode } from '../../server/stun-turn/peers.ts';
import type { TurnTarget } from './coturn.ts';

export interface TurnOptions {
  /** The address at which the tests ask. */
  readonly address?: string;
  readonly peers?: readonly PeerMode[];
  readonly userQuota?: number;
  readonly totalQuota?: number;
  readonly lifetimeSec?: number;
}

export interface Turn extends TurnTarget, AsyncDisposable {
  readonly pid: number;
  /** Set when the process has ended by itself. */
  readonly died: Promise<string>;
  allocations(): Promise<number>;
}

/** What the process tells when it listens, and how many allocations it has when it is asked. */
export type Told = { port: number } | { allocations: number };

const SECRET = 'a secret of the tests';

/** Starts it on free ports of this machine's addresses; `await using` ends it. */
export async function startTurn(options: TurnOptions = {}): Promise<Turn> {
  const { address = '127.0.0.1', ...rules } = options;
  const child = fork(new URL('./turn-process.ts', import.meta.url), [
    JSON.stringify({ secret: SECRET, userQuota: 100, totalQuota: 1000, ...rules }),
  ]);
  const [told] = (await once(child, 'message')) as [{ port: number }];
  let isWanted = false;
  const died = once(child, 'exit').then(([code, signal]) =>
    isWanted ? new Promise<string>(() => {}) : `the server ended: ${code ?? signal}`,
  );
  return {
    address,
    port: told.port,
    secret: SECRET,
    pid: child.pid ?? 0,
    died,
    allocations: async () => {
      child.send('allocations?');
      const [answer] = (await once(child, 'message')) as [{ allocations: number }];
      return answer.allocations;
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      isWanted = true;
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
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  return {
    rssMB: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024,
    files: readdirSync(`/proc/${pid}/fd`).length,
    cpuSec: (Number(fields[11]) + Number(fields[12])) / 100,
  };
}
