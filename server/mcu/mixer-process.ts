import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FromMixer, type Settings, type ToMixer } from './messages.ts';

/** Whom a mixer's process tells. Not called any more after `ended`, nor after `close()`. */
export interface ProcessHandlers {
  readonly said: (message: Exclude<FromMixer, { say: 'ready' | 'unable' }>) => void;
  /** It is gone. `isUnable`: another one would be no better. @param why a sentence */
  readonly ended: (why: string, isUnable: boolean) => void;
}

export interface ProcessRules {
  /** How long it may take to be there. */
  readonly startMs: number;
  /** So long it may say nothing: it speaks once a second. */
  readonly silenceMs: number;
  /** Resident memory. */
  readonly maxBytes: number;
}

/** Two dozen a second are usual with all seats taken. */
const MAX_MESSAGES_PER_SEC = 1_000;
/** Of what it writes to its error output, the end. */
const WORDS = 500;
const MAIN = fileURLToPath(new URL('mixer/main.ts', import.meta.url));

/** The process in which a room is mixed. What it is told before it is ready waits. */
export class MixerProcess {
  readonly #rules: ProcessRules;
  readonly #handlers: ProcessHandlers;
  readonly #child: ChildProcess;
  readonly #count: NodeJS.Timeout;
  #silence: NodeJS.Timeout;
  #queue: ToMixer[] | undefined = [];
  #messages = 0;
  #words = '';
  #isOver = false;

  constructor(settings: Settings, rules: ProcessRules, handlers: ProcessHandlers) {
    this.#rules = rules;
    this.#handlers = handlers;
    this.#child = fork(MAIN, [], {
      // Nothing of what this process was started with, in its command line or its surroundings.
      execArgv: ['--max-old-space-size=512'],
      env: process.platform === 'win32' ? { SystemRoot: process.env['SystemRoot'] } : {},
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const child = this.#child;
    child.on('message', (message) => this.#hear(message));
    child.once('error', (error) => this.#stop(`The mixer’s process could not be started: ${error.message}.`));
    child.once('exit', (code, signal) =>
      this.#stop(`The mixer’s process has ended (${signal ?? `exit code ${code ?? 'unknown'}`}).`),
    );
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#words = (this.#words + text).slice(-WORDS);
    });
    this.#silence = this.#after(rules.startMs, 'The mixer’s process did not start in time.');
    this.#count = setInterval(() => (this.#messages = 0), 1_000);
    this.#write({ do: 'begin', settings });
  }

  /** For the log: the last of what it has written to its error output. */
  get words(): string {
    return this.#words;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToMixer): void {
    if (this.#queue) this.#queue.push(message);
    else this.#write(message);
  }

  /** May be called twice. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#silence);
    clearInterval(this.#count);
    this.#child.kill('SIGKILL');
  }

  #hear(said: unknown): void {
    if (this.#isOver) return;
    const parsed = FromMixer.safeParse(said);
    if (!parsed.success) return this.#stop('The mixer’s process said something that was not understood.');
    if (++this.#messages > MAX_MESSAGES_PER_SEC)
      return this.#stop('The mixer’s process said more than it should have to say.');
    const message = parsed.data;
    if (message.say === 'unable')
      return this.#stop(`This machine cannot mix: ${message.why}`.slice(0, 300), true);
    if (message.say === 'ready') {
      const queue = this.#queue ?? [];
      this.#queue = undefined;
      for (const waiting of queue) this.#write(waiting);
    } else this.#handlers.said(message);
    if (message.say === 'ready' || message.say === 'second') {
      clearTimeout(this.#silence);
      this.#silence = this.#after(this.#rules.silenceMs, 'The mixer did not answer any more.');
    }
    if (message.say === 'second' && message.residentBytes > this.#rules.maxBytes)
      this.#stop('The mixer took more memory than it may.');
  }

  #write(message: ToMixer): void {
    if (this.#child.connected) this.#child.send(message, () => {}); // an error is followed by `exit`
  }

  #after(ms: number, why: string): NodeJS.Timeout {
    return setTimeout(() => this.#stop(why), ms).unref();
  }

  #stop(why: string, isUnable = false): void {
    if (this.#isOver) return;
    this.close();
    this.#handlers.ended(why, isUnable);
  }
}
