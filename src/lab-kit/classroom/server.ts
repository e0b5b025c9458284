import { javascriptLanguage } from '@codemirror/lang-javascript';
import type { FromHost, ToHost } from '../../protocol/classroom/frames.ts';
import type { PeerLabel, Timeline } from '../../rtc/timeline.ts';
import type { Output } from '../exercise/realm.ts';
import { CodeError } from '../exercise/sandbox.ts';
import { strip } from '../exercise/strip.ts';
import { PageIoSocket, PageWebSocket, type Client, type Line } from './clients.ts';
import { runOnSite, type Site } from './on-site.ts';
import type { Import, Report, Runner, RunnerEvents } from './orders.ts';

/** The packages that a learner's server finds; it can import nothing else. */
const PACKAGES: readonly string[] = ['ws', 'socket.io'];
/** So long may the thread be silent. The watch within it knows the line and is quicker; this one cannot be fooled. */
const SILENCE_MS = 4_000;
const PING_MS = 1_000;
/** Of a message on the record. */
const MAX_TEXT = 8_000;

export interface ServerOptions {
  /** TypeScript or JavaScript that makes a `WebSocketServer` or a Socket.IO `Server`. */
  readonly source: string;
  /** Where each message between a client and the server is noted. */
  readonly timeline: Timeline;
  /** Ends the server and its clients. */
  readonly signal: AbortSignal;
  readonly onOutput?: (output: Output) => void;
  /** Runs it on the server of this site; in a worker of this page when left out. */
  readonly site?: Site;
}

/** A learner's server that runs, and the way to connect to it from this page. */
export interface LearnersServer {
  /** A connection as `new WebSocket(url)` makes one. @param url path and query */
  readonly webSocket: (client: PeerLabel, url?: string) => PageWebSocket;
  /** A connection as socket.io-client makes one. */
  readonly ioSocket: (client: PeerLabel) => PageIoSocket;
  /** Resolves when the server has handled what was sent to it so far, and what it sent for that is here. */
  readonly settled: () => Promise<void>;
  /** Aborted with a {@link CodeError} when the server cannot go on: it threw, or a loop did not end. */
  readonly stopped: AbortSignal;
}

/**
 * Runs a server in a thread of its own, or in a process of its own on the server of this site, with stand-ins for the
 * packages `ws` and `socket.io` whose clients are in this page. It ends with `signal`.
 *
 * @throws {CodeError} when the code cannot be read, imports what is not there, throws as it is loaded, or makes no server
 */
export async function startServer({
  source,
  timeline,
  signal,
  onOutput,
  site,
}: ServerOptions): Promise<LearnersServer> {
  const stripped = strip(source);
  if (!stripped.ok) throw new CodeError(stripped.text, stripped.line);
  const imports = importsOf(stripped.code);
  signal.throwIfAborted();
  const stopped = new AbortController();
  const clients = new Map<string, Client>();
  const pongs = new Map<number, () => void>();
  let listens = false;
  let loaded: () => void = () => {};
  let sockets = 0;
  let pings = 0;

  const stop = (error: CodeError) => {
    if (stopped.signal.aborted) return;
    runner.end();
    clearInterval(heart);
    stopped.abort(error);
    for (const client of clients.values()) client.lost();
    for (const resolve of pongs.values()) resolve();
  };
  signal.addEventListener('abort', () => stop(new CodeError('The server was stopped.')), { once: true });

  const hear = (data: Report) => {
    if (stopped.signal.aborted) return;
    if ('frame' in data) receive(data.frame);
    else if ('output' in data) onOutput?.(data.output);
    else if ('pong' in data) {
      pongs.get(data.pong)?.();
      pongs.delete(data.pong);
    } else if ('loaded' in data) loaded();
    else stop(new CodeError(data.ended.text, data.ended.line));
  };
  const events: RunnerEvents = { report: hear, fail: stop };
  const runner = site ? runOnSite(site, events) : runInWorker(events);
  const { order } = runner;

  function receive(frame: FromHost): void {
    if (frame.do === 'listens') listens = true;
    else clients.get(frame.socket)?.receive(frame);
  }

  const settled = () =>
    new Promise<void>((resolve) => {
      if (stopped.signal.aborted) return resolve();
      const ping = ++pings;
      pongs.set(ping, resolve);
      order({ ping });
    });

  // A loop that the watch does not see, such as one within a regular expression, ends here.
  const watch = async () => {
    let isAlive = false;
    const alive = settled().then(() => (isAlive = true));
    await Promise.race([alive, later(SILENCE_MS)]);
    await later(0); // a page that was itself busy finds the answer in its queue now
    if (!isAlive) stop(new CodeError('The server did not answer for 4 seconds, and was stopped.'));
  };
  const heart = setInterval(() => void watch(), PING_MS);

  order({ load: stripped.code, imports });
  await new Promise<void>((resolve, reject) => {
    loaded = resolve;
    stopped.signal.addEventListener('abort', () => reject(stopped.signal.reason as CodeError), {
      once: true,
    });
    if (stopped.signal.aborted) reject(stopped.signal.reason as CodeError);
  });
  if (!listens) {
    const error = new CodeError(
      'The code makes no server: write new WebSocketServer() or new Server(), outside of any function.',
    );
    stop(error);
    throw error;
  }

  const lineOf = (client: PeerLabel): Line => ({
    send: (frame: ToHost) => order({ frame }),
    note: (way, name, text) =>
      timeline.append(client, {
        kind: 'server-message',
        way,
        name,
        text: text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text,
      }),
  });
  const newSocket = (client?: Client) => {
    const socket = String(++sockets);
    if (client) clients.set(socket, client);
    return socket;
  };
  return {
    webSocket: (client, url = '/') => {
      const socket = newSocket();
      const made = new PageWebSocket(lineOf(client), socket, url);
      clients.set(socket, made);
      return made;
    },
    ioSocket: (client) => new PageIoSocket(lineOf(client), newSocket),
    settled,
    stopped: stopped.signal,
  };
}

function runInWorker({ report, fail }: RunnerEvents): Runner {
  const worker = new Worker(new URL('./classroom.worker.ts', import.meta.url), {
    type: 'module',
    name: 'learner',
  });
  worker.addEventListener('message', ({ data }: MessageEvent<Report>) => report(data));
  worker.addEventListener('error', () =>
    fail(new CodeError('The thread in which the server runs could not be started. Reload the page.')),
  );
  return { order: (message) => worker.postMessage(message), end: () => worker.terminate() };
}

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The packages that the code imports, in the order of the text. @throws {CodeError} for one that is not there */
function importsOf(code: string): readonly Import[] {
  const imports: Import[] = [];
  javascriptLanguage.parser.parse(code).iterate({
    enter: ({ node }) => {
      if (node.name !== 'ImportDeclaration' && node.name !== 'ExportDeclaration') return;
      const text = node.getChild('String');
      if (!text) return;
      const name = code.slice(text.from + 1, text.to - 1);
      const line = code.slice(0, text.from).split('\n').length;
      if (!PACKAGES.includes(name))
        throw new CodeError(`Here a server may import from ws and socket.io; “${name}” is not there.`, line);
      imports.push({ name, from: text.from, to: text.to });
    },
  });
  return imports;
}
