import { openHiddenFrame } from '../hidden-frame.ts';
import type { Frame, Output } from './frame.ts';
import { strip } from './strip.ts';

/** Where the frame's page is; the server gives it a policy of its own, see docs/why-exercises-run-in-a-frame.md. */
const FRAME = '/exercise-frame/';

/** Why the learner's code could not be run. `line` is that of the learner's text. */
export class CodeError extends Error {
  override readonly name = 'CodeError';
  readonly line: number | undefined;
  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

export interface Sandbox {
  /**
   * Calls a function that the learner's module exports.
   *
   * @throws {CodeError} when there is no such function, or with what it threw
   */
  readonly call: (name: string, ...args: readonly unknown[]) => Promise<unknown>;
  /** Aborted with a {@link CodeError} when a loop does not end. */
  readonly endless: AbortSignal;
}

/**
 * Runs a learner's module natively, in a hidden frame of this origin that ends with `signal`: its timers, listeners
 * and global variables go with it.
 *
 * @param onOutput called for what it writes to its console, and for errors that nobody caught
 * @throws {CodeError} when the module cannot be read or throws as it is loaded
 */
export async function openSandbox(
  source: string,
  onOutput: (output: Output) => void,
  signal: AbortSignal,
): Promise<Sandbox> {
  const stripped = strip(source);
  if (!stripped.ok) throw new CodeError(stripped.text, stripped.line);
  const frame = await openFrame(signal);
  frame.listen((output) => void (signal.aborted || onOutput(output)));
  const loaded = await frame.load(stripped.code);
  const endless = new AbortController();
  const stop = () => endless.abort(endlessError(frame.endless.reason as number));
  if (frame.endless.aborted) throw endlessError(frame.endless.reason as number);
  frame.endless.addEventListener('abort', stop, { once: true });
  if (!loaded.ok) throw new CodeError(loaded.error.text, loaded.error.line);
  return {
    endless: endless.signal,
    call: async (name, ...args) => {
      const method = loaded.exports[name];
      if (typeof method !== 'function')
        throw new CodeError(`There is no function “${name}” to call: write export function ${name}(…).`);
      try {
        return (await method(...args)) as unknown;
      } catch (error) {
        const { text, line } = frame.explain(error);
        throw new CodeError(text, line);
      }
    },
  };
}

const endlessError = (line: number) =>
  new CodeError(
    `The code kept the page busy for more than a second without a pause. It was stopped in the loop or function of line ${line}.`,
    line,
  );

async function openFrame(signal: AbortSignal): Promise<Frame> {
  const element = await openHiddenFrame({
    src: FRAME,
    title: 'Where the code of the exercise runs',
    // Same origin: without it no camera, and no real connection could be handed in. No forms, dialogs, windows, downloads.
    sandbox: 'allow-scripts allow-same-origin',
    signal,
  });
  const frame = (element.contentWindow as { peerscopeFrame?: Frame } | null)?.peerscopeFrame;
  if (!frame)
    throw new CodeError('The page in which the code runs could not be loaded. Is the server still there?');
  return frame;
}
