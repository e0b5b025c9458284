import { Bench, type Seat } from '../../rtc/bench.ts';
import { openPeer } from '../../rtc/peer.ts';
import { openLoopback } from '../../rtc/signaling/loopback.ts';
import type { Entry } from '../../rtc/timeline.ts';
import { words } from '../../rtc/words.ts';
import { startServer } from '../classroom/server.ts';
import { openMedia, type MediaSource } from '../media-source.ts';
import type { Check, CodeExercise, Play, Verdict } from './define.ts';
import type { Output } from './frame.ts';
import { CodeError, openSandbox } from './sandbox.ts';
import type { Tools } from './tools.ts';
import { Witness } from './witness.ts';

/** How one check came out. */
export interface Result extends Verdict {
  readonly id: string;
  readonly title: string;
  /** Where to look; of a check that failed. */
  readonly hint?: string;
}

/** What came of an attempt. */
export interface Attempted {
  readonly passed: boolean;
  readonly results: readonly Result[];
  /** Why the code could not go on: it cannot be read, it threw, it does not end. */
  readonly problem?: { readonly text: string; readonly line?: number };
}

export interface AttemptOptions {
  readonly id: string;
  readonly source: string;
  readonly media?: MediaSource;
  /** Runs the learner's server on the server of this site; in this page when left out. */
  readonly onSite?: boolean;
  readonly signal: AbortSignal;
  /** How many times the usual time the checks are given; 1 when left out. */
  readonly patience?: number;
  /** Called with each bench that is opened, the one of the checks first. */
  readonly onBench?: (bench: Bench) => void;
  readonly onOutput?: (output: Output) => void;
  /** Called each time that a check has come out. */
  readonly onResult?: (result: Result) => void;
}

/** How often the checks look. Entries come in between, but not all that counts makes one. */
const LOOK_MS = 100;
const MAX_OUTPUT = 200;
/** A process takes a while to start on a machine that is busy. */
const SITE_MS = 8_000;

/** Runs the learner's code together with our half, and judges what the connection did. Rejects only when aborted. */
export async function attempt(exercise: CodeExercise, options: AttemptOptions): Promise<Attempted> {
  const end = new AbortController();
  const signal = AbortSignal.any([options.signal, end.signal]);
  const output: Output[] = [];
  const say = (line: Output) => {
    if (output.length >= MAX_OUTPUT) return;
    output.push(line);
    options.onOutput?.(line);
  };
  // A promise of our own realm that the learner's code did not wait for is reported to this page.
  addEventListener('unhandledrejection', strayRejection(say), { signal });
  try {
    const { bench, tools } = openBench(exercise, options, say, signal);
    options.onBench?.(bench);
    const witness = new Witness(bench, exercise.facts(), output);
    return await judge(exercise, options, witness, tools, say, signal);
  } finally {
    end.abort();
  }
}

async function judge(
  exercise: CodeExercise,
  options: AttemptOptions,
  witness: Witness,
  tools: Tools,
  say: (line: Output) => void,
  signal: AbortSignal,
): Promise<Attempted> {
  let problem: Attempted['problem'];
  const fail = (error: unknown) => {
    if (signal.aborted) return;
    const text = error instanceof Error ? error.message : String(error);
    const line = error instanceof CodeError ? error.line : undefined;
    problem ??= { text, ...(line !== undefined && { line }) };
    say({ level: 'error', text, ...(line !== undefined && { line }) });
  };
  /** Nothing more is to come: what does not hold now will not. */
  const over = new AbortController();
  const half = { isPlayed: false };
  const openCode = async () => {
    const sandbox = await openSandbox(options.source, say, signal);
    const endless = () => (fail(sandbox.endless.reason), over.abort());
    sandbox.endless.addEventListener('abort', endless, { once: true });
    return sandbox.call;
  };
  const play = async () => {
    try {
      const call = exercise.runs === 'server' ? callNothing : await openCode();
      const given: Play<unknown> = {
        bench: witness.bench,
        tools,
        facts: witness.facts,
        source: options.source,
        signal,
        call,
        startServer: async () => {
          const { timeline } = witness.bench;
          const site = options.onSite ? await witness.bench.wire() : undefined;
          const server = await startServer({
            source: options.source,
            timeline,
            signal,
            onOutput: say,
            ...(site && { site }),
          });
          const stop = () => (fail(server.stopped.reason), over.abort());
          server.stopped.addEventListener('abort', stop, { once: true });
          return server;
        },
        openBench: (more) => {
          const opened = openBench(exercise, { ...options, ...more }, say, signal, more);
          options.onBench?.(opened.bench);
          return opened;
        },
      };
      await exercise.play(given);
    } catch (error) {
      fail(error);
      over.abort();
    }
    half.isPlayed = true;
  };

  const results = new Map<string, Result>();
  const settle = (check: Check<unknown>, { ok, saw, wanted }: Verdict) => {
    if (results.has(check.id)) return;
    const hint = typeof check.hint === 'string' ? check.hint : check.hint(witness);
    const result = { id: check.id, title: check.title, ok, saw, wanted, ...(!ok && { hint }) };
    results.set(check.id, result);
    options.onResult?.(result);
  };
  const soon = exercise.checks.filter(({ when = 'soon' }) => when === 'soon');
  const limitMs = exercise.limitMs * (options.patience ?? 1) + (options.onSite ? SITE_MS : 0);
  const endMs = performance.now() + limitMs;
  const isLate = () => over.signal.aborted || performance.now() >= endMs;
  void play();
  while (results.size < soon.length || !half.isPlayed) {
    const late = isLate();
    witness.look();
    for (const check of soon) {
      if (results.has(check.id)) continue;
      const verdict = await check.pass(witness);
      if (verdict.ok || verdict.final || late) settle(check, verdict);
    }
    options.signal.throwIfAborted();
    if (late) break;
    if (results.size < soon.length || !half.isPlayed) await nextLook(witness, over.signal);
  }
  if (!half.isPlayed && !problem)
    fail(new CodeError(`After ${Math.round(limitMs / 1000)} s a function was still not finished.`));
  for (const check of exercise.checks) if (!results.has(check.id)) settle(check, await check.pass(witness));
  const ordered = exercise.checks.flatMap(({ id }) => results.get(id) ?? []);
  const passed = !problem && ordered.every(({ ok }) => ok);
  return { passed, results: ordered, ...(problem && { problem }) };
}

const callNothing = (name: string) =>
  Promise.reject(new CodeError(`A server is written here: nothing calls “${name}”.`));

/** Resolves at the next entry of the timeline, a little later for the next look, or when nothing more will come. */
function nextLook({ bench }: Witness, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = new AbortController();
    const go = () => {
      done.abort();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(go, LOOK_MS);
    const isNews = ({ kind }: Entry) => kind !== 'stats' && kind !== 'call';
    bench.timeline.subscribe((entry) => isNews(entry) && go(), done.signal);
    over.addEventListener('abort', go, { once: true, signal: done.signal });
    bench.signal.addEventListener('abort', go, { once: true, signal: done.signal });
  });
}

function openBench(
  { peers: [offerer, ...others] }: CodeExercise,
  { id, media = 'synthetic' }: AttemptOptions,
  say: (line: Output) => void,
  signal: AbortSignal,
  more: Parameters<Play<unknown>['openBench']>[0] = {},
): { bench: Bench; tools: Tools } {
  const seats: Seat[] = [
    { self: offerer, other: others[0], offers: true },
    ...others.map((self) => ({ self, other: offerer, offers: false })),
  ];
  const bench = new Bench<unknown>({
    lab: id,
    arrangement: 'one-page',
    controls: {},
    seats,
    openMedia: (peer, ended) => openMedia(media, peer, ended),
    signal,
    ...more,
  });
  bench.attach(openLoopback(bench.signal));
  const tools: Tools = {
    createPeer: (name, configuration) => openPeer(name, bench, configuration),
    signaling: (name) => bench.signaling(name),
    media: (name) => bench.openMedia(name),
    log: (...values) =>
      say({
        level: 'log',
        text: values.map((value) => (typeof value === 'string' ? value : words(value))).join(' '),
      }),
    signal: bench.signal,
  };
  return { bench, tools };
}

function strayRejection(say: (line: Output) => void): (event: PromiseRejectionEvent) => void {
  return (event) => {
    event.preventDefault();
    const { reason } = event as { reason: unknown };
    say({
      level: 'error',
      text: reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason),
    });
  };
}
