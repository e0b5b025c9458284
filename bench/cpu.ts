/** What processes cost, from /proc: Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ, the same on every Linux that has /proc. */
const TICKS_PER_SEC = 100;

/** Seconds of CPU, user and system, that a process and all below it have used (proc(5), fields 14 and 15). */
export function cpuSecOf(pid: number): number {
  const [user = 0, system = 0] = statOf(pid).slice(11, 13).map(Number);
  return (user + system) / TICKS_PER_SEC + childrenOf(pid).reduce((sum, child) => sum + cpuSecOf(child), 0);
}

/** The fields of /proc/<pid>/stat from the third on; none when the process is gone. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** The processes that a process has started. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => statOf(child)[1] === String(pid));
}
