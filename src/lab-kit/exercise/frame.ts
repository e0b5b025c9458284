/**
 * The page in which a learner's code runs: `/exercise-frame/`, hidden in the page of the exercise.
 *
 * It has a global object, a console and an error handler of its own, and one thing that no other page may: it runs
 * modules from `blob:`. It is of the same origin, so that real connections, tracks and pictures can be handed in.
 */
import { GUARD } from './guard.ts';

/** A line of what the code said. `line` is that of the learner's text, where it is known. */
export interface Output {
  readonly level: 'log' | 'warn' | 'error';
  readonly text: string;
  readonly line?: number;
}

export type Loaded =
  | { readonly ok: true; readonly exports: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly error: Output };

/** What the page of the exercise asks of the frame. */
export interface Frame {
  /** Runs a module; gives its exports, or what went wrong in reading or executing it. */
  load(code: string): Promise<Loaded>;
  /** Called for all that the code says, and for each error that nobody caught. */
  listen(listener: (output: Output) => void): void;
  /** What was thrown, in words, with its line. */
  explain(thrown: unknown): Output;
  /** Aborted when a loop did not end: the line of the loop is its reason. */
  readonly endless: AbortSignal;
}

/** How long code may keep the page from doing anything else. */
const PATIENCE_MS = 1_500;

const endless = new AbortController();
let script = '';
let tell: (output: Output) => void = () => {};
/** While a module is read and executed, what goes wrong is the answer of `load()`. */
let isLoading = false;
let broken: Output | undefined;

/** No error of its own: code that catches everything meets it again with its next step. */
class Endless extends Error {
  override readonly name = 'Endless';
}

/**
 * A message to ourselves arrives when the code has let go of the page, also from its promises; unlike a timer it is not
 * slowed down in a background tab.
 */
const { port1, port2 } = new MessageChannel();
let busySinceMs: number | undefined;
port2.addEventListener('message', () => (busySinceMs = undefined));
port2.start();

function stillAlive(line: number): void {
  if (endless.signal.aborted) throw new Endless(`line ${line}`);
  const nowMs = performance.now();
  if (busySinceMs === undefined) {
    busySinceMs = nowMs;
    port1.postMessage(null);
  } else if (nowMs - busySinceMs > PATIENCE_MS) {
    endless.abort(line);
    throw new Endless(`line ${line}`);
  }
}

function explain(thrown: unknown): Output {
  const text =
    isObject(thrown) && 'message' in thrown && 'name' in thrown
      ? `${String(thrown.name)}: ${String(thrown.message)}`
      : `thrown: ${inWords(thrown)}`;
  const stack = isObject(thrown) && 'stack' in thrown ? String(thrown.stack) : '';
  const line = script ? Number(stack.split(`${script}:`)[1]?.match(/^\d+/)?.[0] ?? 0) : 0;
  return { level: 'error', text, ...(line > 0 && { line }) };
}

/** Also of the page's own realm, where errors come from that the browser or the exercise has thrown. */
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** A value as a console shows it, in one line; never throws. */
function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return `${value}n`;
  if (isObject(value) && 'message' in value && 'name' in value)
    return `${String(value.name)}: ${String(value.message)}`;
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    const json = JSON.stringify(value);
    return json === '{}' ? Object.prototype.toString.call(value) : json;
  } catch {
    return Object.prototype.toString.call(value);
  }
}

for (const level of ['log', 'warn', 'error', 'info', 'debug'] as const)
  console[level] = (...values: unknown[]) =>
    tell({
      level: level === 'warn' || level === 'error' ? level : 'log',
      text: values.map(inWords).join(' '),
    });

addEventListener('error', ({ error, message, lineno }) => {
  if (error instanceof Endless) return;
  const text = error ? explain(error).text : message.replace(/^Uncaught /, '');
  const output: Output = { level: 'error', text, ...(lineno > 0 && { line: lineno }) };
  if (isLoading) broken ??= output;
  else tell(output);
});
addEventListener('unhandledrejection', ({ reason }) => {
  if (!(reason instanceof Endless)) tell(explain(reason));
});
for (const event of ['error', 'unhandledrejection'] as const)
  addEventListener(event, (uncaught) => uncaught.preventDefault());

async function load(code: string): Promise<Loaded> {
  script = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  isLoading = true;
  try {
    // As an element first: only so do browsers say in which line a module cannot be read.
    const element = Object.assign(document.createElement('script'), { type: 'module', src: script });
    await new Promise((resolve) => {
      element.addEventListener('load', resolve);
      element.addEventListener('error', resolve);
      document.head.append(element);
    });
    return { ok: true, exports: (await import(/* @vite-ignore */ script)) as Record<string, unknown> };
  } catch (error) {
    return { ok: false, error: broken ?? explain(error) };
  } finally {
    isLoading = false;
  }
}

const frame: Frame = {
  load,
  listen: (listener) => void (tell = listener),
  explain,
  endless: endless.signal,
};

Object.assign(window, { [GUARD]: stillAlive, peerscopeFrame: frame });
