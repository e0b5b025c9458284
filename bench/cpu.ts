/** What processes cost, from /proc: Linux only. */
import { readdirSync, readFileSync } from 'node:fs';
import { chromium, type Browser } from 'playwright';

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
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => statOf(child)[1] === String(pid));
}

/**
 * A Chromium whose processor time can be read, with what every benchmark wants and `args`.
 *
 * @throws {Error} where there is no /proc to find its process in
 */
export async function launchChromium(args: readonly string[]): Promise<{ browser: Browser; pid: number }> {
  const executablePath = process.env['CHROMIUM_PATH'];
  const before = new Set(childrenOf(process.pid));
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--autoplay-policy=no-user-gesture-required',
      ...args,
    ],
  });
  const pid = childrenOf(process.pid).find((child) => !before.has(child));
  if (pid === undefined) throw new Error('the browser’s process was not found: this benchmark needs /proc');
  return { browser, pid };
}
