import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';

/**
 * Runs a program to its end and gives what it printed.
 *
 * @throws {Error} with what it said on stderr when it fails
 */
export function run(command: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { input, encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr.trim()}\n${input}`);
}

/** The command line that runs a program in a network namespace. */
export function inside(namespace: string, command: string, ...args: string[]): [string, string[]] {
  return ['ip', ['netns', 'exec', namespace, command, ...args]];
}

/** Runs a program in a namespace to its end. @throws {Error} when it fails */
export function runInside(namespace: string, command: string, args: readonly string[], input = ''): string {
  return run(...inside(namespace, command, ...args), input);
}

/** Starts a program in a namespace. It ends with us at the latest: the laboratory has process ids of its own. */
export function startInside(
  namespace: string,
  command: string,
  args: readonly string[],
  stdio: StdioOptions = ['pipe', 'pipe', 'inherit'],
): ChildProcess {
  const [program, rest] = inside(namespace, command, ...args);
  return spawn(program, rest, { stdio });
}

/** Gives several lines to `ip`, in one namespace or outside of all. */
export function ip(namespace: string | undefined, ...lines: string[]): void {
  run('ip', [...(namespace ? ['-n', namespace] : []), '-batch', '-'], `${lines.join('\n')}\n`);
}
