import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Within = (command: string, args: string[]) => [command: string, args: string[]];

/** The real server in a process of its own, as `npm start` runs it. */
export class Server {
  readonly #env: NodeJS.ProcessEnv;
  readonly #within: Within;
  readonly #stateDir = mkdtempSync(join(tmpdir(), 'peerscope-state-'));
  #process: ChildProcess | undefined;
  url = '';

  /** @param within makes another command line of the server's, to run it somewhere else */
  constructor(env: NodeJS.ProcessEnv = {}, within: Within = (command, args) => [command, args]) {
    this.#env = env;
    this.#within = within;
  }

  /** Starts on a free port, or again on the port it had. */
  async start(): Promise<this> {
    const port = this.url ? new URL(this.url).port : '0';
    const env = {
      ...process.env,
      PORT: port,
      STATE_DIR: this.#stateDir,
      LOG_LEVEL: 'warn',
      // Any free port: several of these run at a time.
      ...((this.#env['TURN'] ?? 'embedded') === 'embedded' && { TURN_PORT: '0', TURN_TLS_PORT: '0' }),
      NAT_PORT: '0',
      // What a publisher sends shall not depend on how busy the machine is.
      ...((this.#env['SFU'] ?? 'embedded') === 'embedded' && { SFU_PORT: '0', SFU_FEEDBACK: 'remb' }),
      ...this.#env,
    };
    const [command, args] = this.#within('node', ['server/main.ts']);
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process = child;
    this.url = await new Promise<string>((resolve, reject) => {
      let printed = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        const found = /https?:\/\/[^\s/]+/.exec(printed)?.[0];
        if (found) resolve(found);
      });
      child.once('exit', (code) =>
        reject(new Error(`the server ended with ${code} and printed: ${printed}`)),
      );
    });
    return this;
  }

  /** Ends it as Ctrl-C would. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }

  /** Ends it as a power cut would: nothing is saved, nobody is told. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    this.#process = undefined;
  }

  /** It hangs: it keeps its connections and answers nothing. */
  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.resume(); // what hangs does not end
    await this.stop();
    rmSync(this.#stateDir, { recursive: true, force: true });
  }
}
