import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import type { Logger } from 'pino';
import { transform } from 'sucrase';
import * as z from 'zod';
import { limits } from '../../src/protocol/signaling.ts';
import { Refusal } from '../signaling/refusal.ts';
import type { Load, ToChild } from './messages.ts';

/** Whom a learner's server tells. Not called any more after `ended`, nor after its own `close()`. */
export interface LearnerHandlers {
  /** Reports for the page, JSON each, as the process has put them. */
  readonly said: (reports: string[]) => void;
  /** It runs no more; why, as a sentence. */
  readonly ended: (why: string) => void;
}

export interface ClassroomRules {
  /** Processes at a time; 0 = none. */
  readonly limit: number;
  readonly startMs: number;
  /** So long it may leave a question unanswered: it is in a loop. */
  readonly silenceMs: number;
  /** So long nobody may send it anything: the page is gone. */
  readonly idleMs: number;
  /** So long it runs at most. */
  readonly lifeMs: number;
  /** Resident memory. */
  readonly maxBytes: number;
}

export const classroomRules: ClassroomRules = {
  limit: 4,
  startMs: 8_000,
  silenceMs: 3_500,
  idleMs: 70_000, // a page in the background speaks once a minute
  lifeMs: 300_000,
  maxBytes: 256_000_000,
};

const BEAT_MS = 500;
const MEMORY_MS = 50;
/** Of what the process sends, in each second. */
const MAX_REPORTS_PER_SEC = 2_000;
const MAX_BYTES_PER_SEC = 4_000_000;
/** A line without an end. */
const MAX_LINE_BYTES = 8_000_000;
/** Of what is sent to it and it does not take. */
const MAX_QUEUE_BYTES = 1_000_000;
/** V8's own heap; beyond it the process ends itself. */
const HEAP_MB = 64;
/** The kernel's limits, which hold when this process is gone, too: seconds of the processor, kilobytes of data. */
const CPU_SEC = 60;
const DATA_KB = 500_000;

const HERE = new URL('./', import.meta.url);
const PROTOCOL = new URL('../../src/protocol/classroom/', import.meta.url);
const MODULES = ['emitter.ts', 'host.ts', 'socket-io.ts', 'ws.ts'];

/** As of `FromChild`; a process in which a stranger's code has run may write anything. */
const Line = z.union([
  z.strictObject({ said: z.array(z.string().max(limits.classroomText)).max(20_000) }),
  z.strictObject({ ended: z.string().max(500) }),
  z.strictObject({ loaded: z.literal(true) }),
  z.strictObject({ beat: z.int() }),
]);

const STOPPED = {
  late: 'The server was not there after 8 seconds, and was stopped.',
  silent: 'The server kept its process busy for more than three seconds without a pause, and was stopped.',
  memory: 'The server took more than 256 MB of memory, and was stopped.',
  heap: `The server took more than its ${HEAP_MB} MB of memory for objects, and was stopped.`,
  flood: 'The server sent more than this site takes from one, and was stopped.',
  queue: 'The server was sent more than it could take, and was stopped.',
  odd: 'The server’s process said something that was not understood, and was stopped.',
  idle: 'Nobody has sent the server anything for a minute, and it was stopped.',
  old: 'The server has run for 5 minutes, and was stopped.',
  system:
    'The system stopped the server: it used a minute of the processor, or the machine was short of memory.',
  gone: 'The server’s process has ended by itself.',
} as const;

/** Learners' servers, each in a process without any permission. See docs/why-a-learners-server-is-a-process.md. */
export class Classroom {
  readonly #rules: ClassroomRules;
  readonly #log: Logger;
  readonly #active = new Set<LearnersProcess>();
  #texts: { readonly child: string; readonly modules: Load['modules'] } | undefined;

  constructor(rules: ClassroomRules, log: Logger) {
    this.#rules = rules;
    this.#log = log;
  }

  /** For `/healthz`. `failed`: this Node has no permissions that it could take away. */
  get health(): { state: 'off' | 'up' | 'failed'; active: number; limit: number } {
    const state = this.#rules.limit === 0 ? 'off' : canContain() ? 'up' : 'failed';
    return { state, active: this.#active.size, limit: this.#rules.limit };
  }

  /**
   * Starts a process for a learner's server. That the code has run so far is the first thing it says: `{"loaded":true}`.
   *
   * @throws {Refusal} `classroom-unavailable`, `classroom-busy`, `bad-request` for code that is not even tried
   */
  start(code: string, handlers: LearnerHandlers): LearnersProcess {
    if (this.#rules.limit === 0)
      throw new Refusal('classroom-unavailable', 'this server runs no learner’s code (CLASSROOM=off)');
    if (!canContain())
      throw new Refusal('classroom-unavailable', 'it needs a Node that can deny a process the network');
    if (importsLate(code))
      throw new Refusal(
        'bad-request',
        'on this server the word “import” stands in front of a package’s name only, not in front of ( or a dot',
      );
    if (this.#active.size >= this.#rules.limit)
      throw new Refusal('classroom-busy', `all ${this.#rules.limit} places are taken`);
    const { child, modules } = (this.#texts ??= readTexts());
    const started = new LearnersProcess(this.#rules, child, { code, modules }, handlers, (why) => {
      this.#active.delete(started);
      this.#log.info({ why, active: this.#active.size }, 'a learner’s server ended');
    });
    this.#active.add(started);
    this.#log.info({ active: this.#active.size }, 'a learner’s server was started');
    return started;
  }

  close(): void {
    for (const running of this.#active) running.close();
  }
}

/** Before version 25 a process could be denied files, and not the network. */
const canContain = (): boolean => process.allowedNodeEnvironmentFlags.has('--allow-net');

/**
 * Whether code may hold a dynamic import, or `import.meta`. Its promise and its error would be objects of the realm that is
 * not to be reached. No parser is asked: after the word, anything but a name, a bracket, a star or a quote is too much.
 */
export const importsLate = (code: string): boolean =>
  /(?<![\p{ID_Continue}$])import(?![\p{ID_Continue}$])\s*(?![\p{ID_Start}$_{*'"\s])/u.test(code);

/** What runs in a process, without its types: the process itself may read no file. */
function readTexts(): { child: string; modules: Load['modules'] } {
  const read = (url: URL) =>
    transform(readFileSync(url, 'utf8'), { transforms: ['typescript'], disableESTransforms: true }).code;
  const modules = MODULES.map((name) => [name, read(new URL(name, PROTOCOL))] as const);
  return {
    child: read(new URL('child.ts', HERE)),
    modules: { ...Object.fromEntries(modules), 'inside.ts': read(new URL('inside.ts', HERE)) },
  };
}

/** One learner's server. It ends by itself, by its bounds, or with {@link close}. */
export class LearnersProcess {
  readonly #rules: ClassroomRules;
  readonly #handlers: LearnerHandlers;
  readonly #onEnd: (why: string) => void;
  readonly #process: ChildProcess;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #late: NodeJS.Timeout;
  #idle: NodeJS.Timeout;
  #beat: NodeJS.Timeout | undefined;
  #beats = 0;
  #rest = '';
  #isOver = false;
  #second = { startMs: performance.now(), reports: 0, bytes: 0 };

  constructor(
    rules: ClassroomRules,
    script: string,
    load: Load,
    handlers: LearnerHandlers,
    onEnd: (why: string) => void,
  ) {
    this.#rules = rules;
    this.#handlers = handlers;
    this.#onEnd = onEnd;
    const child = spawnBare(script);
    this.#process = child;
    child.once('error', () => this.#stop(STOPPED.gone));
    child.once('exit', (code, signal) => this.#stop(wordsOfExit(code, signal)));
    child.stdin?.on('error', () => {}); // it has ended, and `exit` says so
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.#idle = this.#after(rules.idleMs, STOPPED.idle);
    this.#late = this.#after(rules.startMs, STOPPED.late);
    this.#timers = [
      this.#after(rules.lifeMs, STOPPED.old),
      setInterval(() => this.#weigh(), MEMORY_MS).unref(),
    ];
    this.#write({ load });
  }

  /** Hands it orders of its page, JSON each. */
  send(orders: readonly string[]): void {
    if (this.#isOver) return;
    clearTimeout(this.#idle);
    this.#idle = this.#after(this.#rules.idleMs, STOPPED.idle);
    for (const order of orders) this.#write({ order });
  }

  /** Ends it without a word. May be called twice. */
  close(): void {
    this.#end('closed');
  }

  #write(message: ToChild): void {
    const { stdin } = this.#process;
    if (!stdin || this.#isOver) return;
    stdin.write(`${JSON.stringify(message)}\n`);
    if (stdin.writableLength > MAX_QUEUE_BYTES) this.#stop(STOPPED.queue);
  }

  #hear(text: string): void {
    if (this.#isOver) return;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > MAX_LINE_BYTES || !this.#mayGo(0, text.length)) return this.#stop(STOPPED.flood);
    for (const line of lines) {
      if (this.#isOver) return;
      this.#take(line);
    }
  }

  #take(line: string): void {
    const parsed = Line.safeParse(asJson(line));
    if (!parsed.success) return this.#stop(line.length > limits.classroomText ? STOPPED.flood : STOPPED.odd);
    const message = parsed.data;
    if ('said' in message) {
      if (!this.#mayGo(message.said.length, 0)) return this.#stop(STOPPED.flood);
      this.#handlers.said(message.said);
    } else if ('ended' in message) this.#stop(message.ended);
    else if ('beat' in message) {
      if (message.beat !== this.#beats) return;
      clearTimeout(this.#beat);
      this.#beat = setTimeout(() => this.#ask(), BEAT_MS).unref();
    } else this.#loaded();
  }

  #loaded(): void {
    if (this.#beats > 0) return;
    clearTimeout(this.#late);
    // Whoever is served by the site itself comes first.
    if (this.#process.pid !== undefined)
      try {
        setPriority(this.#process.pid, 5);
      } catch {
        // it has just ended, or the system has no such thing
      }
    this.#handlers.said(['{"loaded":true}']);
    this.#ask();
  }

  /** Asks whether it lives. */
  #ask(): void {
    if (this.#isOver) return;
    this.#write({ beat: ++this.#beats });
    this.#beat = this.#after(this.#rules.silenceMs, STOPPED.silent);
  }

  #mayGo(reports: number, bytes: number): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#second.startMs > 1_000) this.#second = { startMs: nowMs, reports: 0, bytes: 0 };
    this.#second.reports += reports;
    this.#second.bytes += bytes;
    return this.#second.reports <= MAX_REPORTS_PER_SEC && this.#second.bytes <= MAX_BYTES_PER_SEC;
  }

  #weigh(): void {
    const bytes = residentBytes(this.#process.pid);
    if (bytes > this.#rules.maxBytes) this.#stop(STOPPED.memory);
  }

  #after(ms: number, why: string): NodeJS.Timeout {
    return setTimeout(() => this.#stop(why), ms).unref();
  }

  #stop(why: string): void {
    if (this.#isOver) return;
    this.#end(why);
    this.#handlers.ended(why);
  }

  #end(why: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const timer of [...this.#timers, this.#late, this.#idle, this.#beat]) clearTimeout(timer);
    this.#process.kill('SIGKILL');
    this.#process.stdout?.destroy();
    this.#process.stdin?.destroy();
    this.#onEnd(why);
  }
}

const flags = [
  // No file, network, process, thread, addon or WASI: nothing is allowed after it.
  '--permission',
  // No text becomes a script, and no script becomes machine code; WebAssembly goes with it.
  '--disallow-code-generation-from-strings',
  '--jitless',
  '--frozen-intrinsics',
  '--disable-sigusr1',
  '--disable-proto=delete',
  `--max-old-space-size=${HEAP_MB}`,
  '--experimental-vm-modules',
  '--no-warnings',
  '--input-type=module',
];

/** A process with an empty environment and two pipes. Where there is a POSIX shell, the kernel bounds it as well. */
export function spawnBare(script: string): ChildProcess {
  const options: SpawnOptions = {
    env: {},
    cwd: tmpdir(),
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  };
  const args = [...flags, '--eval', script];
  if (process.platform === 'win32') return spawn(process.execPath, args, options);
  // What a system does not know is left out: the bounds above hold everywhere.
  const bounds = ['c 0', `t ${CPU_SEC}`, 'n 64', ...(process.platform === 'linux' ? [`d ${DATA_KB}`] : [])];
  const limit = bounds.map((bound) => `ulimit -${bound} 2>/dev/null;`).join(' ');
  return spawn('/bin/sh', ['-c', `${limit} exec "$0" "$@"`, process.execPath, ...args], options);
}

function wordsOfExit(code: number | null, signal: NodeJS.Signals | null): string {
  // V8 aborts when its heap is full, or when the kernel gives it no more; a shell's child tells signals by number, too.
  if (signal === 'SIGABRT' || signal === 'SIGTRAP' || signal === 'SIGILL' || code === 134 || code === 133)
    return STOPPED.heap;
  if (signal === 'SIGKILL' || signal === 'SIGXCPU') return STOPPED.system;
  return STOPPED.gone;
}

/** 0 where it cannot be known: then V8's own bound is the only one. */
function residentBytes(pid: number | undefined): number {
  if (process.platform !== 'linux' || pid === undefined) return 0;
  try {
    const [, kilobytes = '0'] =
      /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) * 1_024;
  } catch {
    return 0;
  }
}

function asJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
