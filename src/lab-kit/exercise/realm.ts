/** What a learner's code finds around it wherever it runs: a watch over loops without an end, and a console. */

/** A line of what the code said. `line` is that of the learner's text, where it is known. */
export interface Output {
  readonly level: 'log' | 'warn' | 'error';
  readonly text: string;
  readonly line?: number;
}

/** How long code may keep its thread from doing anything else. */
const PATIENCE_MS = 1_500;

/** No error of its own: code that catches everything meets it again with its next step. */
export class Endless extends Error {
  override readonly name = 'Endless';
}

export interface Watch {
  /** Asked in each loop and function of the code. @throws {Endless} when it has been busy for too long */
  readonly stillAlive: (line: number) => void;
  /** Aborted when a loop did not end: its line is the reason. */
  readonly endless: AbortSignal;
}

/**
 * A message to ourselves arrives when the code has let go of the thread, also from its promises; unlike a timer it is
 * not slowed down in a background tab.
 */
export function watchForEnd(): Watch {
  const endless = new AbortController();
  const { port1, port2 } = new MessageChannel();
  let busySinceMs: number | undefined;
  port2.addEventListener('message', () => (busySinceMs = undefined));
  port2.start();
  return {
    endless: endless.signal,
    stillAlive: (line) => {
      if (endless.signal.aborted) throw new Endless(`line ${line}`);
      const nowMs = performance.now();
      if (busySinceMs === undefined) {
        busySinceMs = nowMs;
        port1.postMessage(null);
      } else if (nowMs - busySinceMs > PATIENCE_MS) {
        endless.abort(line);
        throw new Endless(`line ${line}`);
      }
    },
  };
}

/** What was thrown, in words. @param script the URL of the learner's module, by which its lines are found */
export function explain(thrown: unknown, script: string): Output {
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

/** Hands on what is written to the console, in place of the console. */
export function takeConsole(tell: (output: Output) => void): void {
  for (const level of ['log', 'warn', 'error', 'info', 'debug'] as const)
    console[level] = (...values: unknown[]) =>
      tell({
        level: level === 'warn' || level === 'error' ? level : 'log',
        text: values.map(inWords).join(' '),
      });
}
