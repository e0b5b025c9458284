import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';

/** How long a lab waits for what it needs to know its lines. Without it everything else works. */
const PATIENCE_MS = 3_000;

/** What the build adds to the `run` of a lab, and to the code of a column: the script that it came in. See scripts/run-modules.ts. */
type Located = { readonly script?: string };

/**
 * Gives a function that tells which line of `file` is being executed when it is called, counted from 1: the innermost
 * frame of the call stack that lies in that file, by the source map that the build left beside the script. It answers
 * undefined where no frame does. Browsers agree on no format of a stack, but in all of them a frame ends in
 * `script:line:column`.
 *
 * Resolves to undefined where the script or its map cannot be had.
 *
 * @param located what knows its script: a lab's `run`, or the module of a column
 * @param file how the path of the file ends
 */
export async function loadLocator(
  located: object,
  file = 'run.ts',
): Promise<(() => number | undefined) | undefined> {
  const { script } = located as Located;
  if (!script) return undefined;
  try {
    return locator(script, file, new TraceMap(await loadMap(script)));
  } catch {
    return undefined;
  }
}

function locator(script: string, file: string, map: TraceMap): () => number | undefined {
  const known = new Map<string, number | undefined>();
  const lineOf = (position: string): number | undefined => {
    const [line = 0, column = 0] = position.split(':').map(Number);
    const origin = originalPositionFor(map, { line, column: column - 1 });
    return origin.source?.endsWith(file) ? origin.line : undefined;
  };
  return () => {
    const stack = deepStack();
    const start = `${script}:`;
    for (let at = stack.indexOf(start); at >= 0; at = stack.indexOf(start, at + 1)) {
      const position = /^\d+:\d+/.exec(stack.slice(at + start.length, at + start.length + 16))?.[0];
      if (!position) continue;
      if (!known.has(position)) known.set(position, lineOf(position));
      const line = known.get(position);
      if (line !== undefined) return line;
    }
    return undefined;
  };
}

/** How many frames a library may put between the code and what is recorded; V8 keeps ten where nobody asks for more. */
const DEPTH = 40;

function deepStack(): string {
  const engine = Error as ErrorConstructor & { stackTraceLimit?: number };
  const limit = engine.stackTraceLimit;
  if (limit === undefined) return new Error().stack ?? '';
  engine.stackTraceLimit = DEPTH;
  const { stack } = new Error();
  engine.stackTraceLimit = limit;
  return stack ?? '';
}

/** The source map that a script names in its last line: beside it in a build, in the line itself during development. */
async function loadMap(script: string): Promise<string> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const read = async (url: string | URL) => {
    const response = await fetch(url, { signal });
    if (!response.ok) throw new RangeError(`${String(url)}: ${response.status}`);
    return response.text();
  };
  const url = (await read(script)).match(/^\/\/# sourceMappingURL=(\S+)\s*$/m)?.[1];
  if (!url) throw new RangeError(`${script} names no source map`);
  const inline = /^data:application\/json;(?:charset=[\w-]+;)?base64,(.*)$/.exec(url)?.[1];
  if (inline === undefined) return read(new URL(url, script));
  return new TextDecoder().decode(Uint8Array.from(atob(inline), (byte) => byte.charCodeAt(0)));
}
