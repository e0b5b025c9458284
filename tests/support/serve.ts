/** A real server on a free port and real connections to it, for tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import type {
  Answer,
  EventName,
  EventPayload,
  Payload,
  Reply,
  RequestName,
} from '../../src/protocol/signaling.ts';
import { type App, type AppDeps, createApp } from '../../server/app.ts';
import { type Config, readConfig } from '../../server/config.ts';

export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly app: App;
  /** Log lines so far. */
  readonly log: string[];
  /** Stops the server and starts another on the same port, with the same secret. */
  restart(): Promise<void>;
  connect(): Promise<TestPeer>;
}

/** One raw Socket.IO connection that remembers what it was told. */
export interface TestPeer {
  readonly socket: Socket;
  readonly told: { event: string; payload: unknown }[];
  ask<N extends RequestName>(name: N, payload: Payload<N> | NoBrand<Payload<N>>): Promise<Reply<Answer<N>>>;
  /** Whatever, under any name: what a stranger may send. */
  askAnything(name: string, ...args: unknown[]): Promise<Reply<unknown>>;
  /** The first event of that name, past or to come, that fits. */
  hears<E extends EventName>(
    event: E,
    fits?: (payload: EventPayload<E>) => boolean,
  ): Promise<EventPayload<E>>;
  /** Joins, or throws with the code. */
  join(payload?: Partial<NoBrand<Payload<'room:join'>>>): Promise<Answer<'room:join'>>;
}

/** The payload as plain JSON: a branded id is a string here. */
type NoBrand<T> = { [K in keyof T]: Plain<T[K]> };
type Plain<V> = V extends string ? string : V extends number ? number : V;

/** A machine may be slow; below Vitest's own limit, so that it is said what was waited for. */
const PATIENCE_MS = 15_000;

const SECRET = 'a secret of the tests, 32 characters or more';

/** Starts a server; `await using` ends it with all its connections. */
export async function serve(
  overrides: Partial<Config> = {},
  deps: Pick<AppDeps, 'middleboxes'> = {},
): Promise<TestServer> {
  const stateDir = await mkdtemp(join(tmpdir(), 'peerscope-'));
  const log: string[] = [];
  const config = {
    ...readConfig({ TURN_PORT: '0', TURN_TLS_PORT: '0', NAT_PORT: '0', SFU_PORT: '0' }),
    port: 0,
    sessionSecret: SECRET,
    stateDir,
    siteDir: stateDir,
    ...overrides,
  };
  const start = async (port: number) => {
    const app = await createApp(
      { ...config, port },
      {
        ...deps,
        log: pino({ level: 'debug', base: null }, { write: (line: string) => void log.push(line) }),
      },
    );
    return { app, ...(await app.listen()) };
  };
  let running = await start(config.port);
  const peers: TestPeer[] = [];
  return {
    log,
    get url() {
      return running.url;
    },
    get port() {
      return running.port;
    },
    get app() {
      return running.app;
    },
    restart: async () => {
      await running.app.close();
      running = await start(running.port);
    },
    connect: async () => {
      const peer = await connect(running.url);
      peers.push(peer);
      return peer;
    },
    [Symbol.asyncDispose]: async () => {
      for (const { socket } of peers) socket.disconnect();
      await running.app.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

let pages = 0;

async function connect(url: string): Promise<TestPeer> {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false });
  const told: TestPeer['told'] = [];
  socket.onAny((event: string, payload: unknown) => told.push({ event, payload }));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  const askAnything = (name: string, ...args: unknown[]) =>
    socket.timeout(PATIENCE_MS).emitWithAck(name, ...args) as Promise<Reply<unknown>>;
  const page = `page-${++pages}`;
  return {
    socket,
    told,
    askAnything,
    ask: askAnything as TestPeer['ask'],
    hears: (event, fits = () => true) =>
      new Promise((resolve, reject) => {
        const find = () => {
          const found = told.find((entry) => entry.event === event && fits(entry.payload as never));
          if (!found) return;
          clearTimeout(timer);
          socket.offAny(find);
          resolve(found.payload as never);
        };
        const timer = setTimeout(() => {
          socket.offAny(find);
          reject(new Error(`${event} did not come; what came: ${JSON.stringify(told)}`));
        }, PATIENCE_MS);
        socket.onAny(find);
        find();
      }),
    join: async (payload = {}) => {
      const reply = (await askAnything('room:join', { room: 'blue', page, ...payload })) as Reply<
        Answer<'room:join'>
      >;
      if (!reply.ok) throw new Error(reply.error.code);
      return reply.value;
    },
  };
}

/** Waits until `fits` holds. */
export async function until(
  fits: () => boolean,
  what = 'the condition',
  timeoutMs = PATIENCE_MS,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!fits()) {
    if (performance.now() > end) throw new Error(`${what} did not come true in ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
