/**
 * The page in which a learner's code runs: `/exercise-frame/`, hidden in the page of the exercise.
 *
 * It has a global object, a console and an error handler of its own, and one thing that no other page may: it runs
 * modules from `blob:`. It is of the same origin, so that real connections, tracks and pictures can be handed in.
 */
import { GUARD } from './guard.ts';
import { Endless, explain, takeConsole, watchForEnd, type Output } from './realm.ts';

export type { Output } from './realm.ts';

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

const watch = watchForEnd();
let script = '';
let tell: (output: Output) => void = () => {};
/** While a module is read and executed, what goes wrong is the answer of `load()`. */
let isLoading = false;
let broken: Output | undefined;

takeConsole((output) => tell(output));

addEventListener('error', ({ error, message, lineno }) => {
  if (error instanceof Endless) return;
  const text = error ? explain(error, script).text : message.replace(/^Uncaught /, '');
  const output: Output = { level: 'error', text, ...(lineno > 0 && { line: lineno }) };
  if (isLoading) broken ??= output;
  else tell(output);
});
addEventListener('unhandledrejection', ({ reason }) => {
  if (!(reason instanceof Endless)) tell(explain(reason, script));
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
    return { ok: false, error: broken ?? explain(error, script) };
  } finally {
    isLoading = false;
  }
}

const frame: Frame = {
  load,
  listen: (listener) => void (tell = listener),
  explain: (thrown) => explain(thrown, script),
  endless: watch.endless,
};

Object.assign(window, { [GUARD]: watch.stillAlive, peerscopeFrame: frame });
