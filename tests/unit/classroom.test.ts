import type { AddressInfo } from 'node:net';
import { io as connectIo, type Socket as RealClient } from 'socket.io-client';
import * as realIo from 'socket.io';
import { expect, test } from 'vitest';
import * as realWs from 'ws';
import type { FromHost } from '../../src/protocol/classroom/frames.ts';
import { Host } from '../../src/protocol/classroom/host.ts';
import { PageIoSocket, PageWebSocket, type Client } from '../../src/lab-kit/classroom/clients.ts';

/**
 * The stand-ins against the originals: the same server and the same clients' doings, once over real sockets and once in
 * memory. What the server saw, and what each client saw, must be the same, in the same order.
 */
type Log = (words: string) => void;
type Seen = Record<string, readonly string[]>;

const STILL_MS = 80;
const LONGEST_MS = 400;
let lastSaidMs = 0;

/** Until something was said and nothing more comes, or long enough: not everything is answered. */
async function quiet(): Promise<void> {
  const startMs = performance.now();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const nowMs = performance.now();
    if (lastSaidMs > startMs && nowMs - lastSaidMs > STILL_MS) return;
    if (nowMs - startMs > LONGEST_MS) return;
  }
}

function logs(): { readonly of: (who: string) => Log; readonly seen: Record<string, string[]> } {
  const seen: Record<string, string[]> = {};
  return {
    seen,
    of: (who) => (words) => {
      lastSaidMs = performance.now();
      (seen[who] ??= []).push(words);
    },
  };
}

/** Clients' lines to a host in this very thread. Each frame takes a task of its own, as over a port. */
function hosted() {
  const clients = new Map<string, Client>();
  const host = new Host((frame: FromHost) => {
    if (frame.do !== 'listens') setTimeout(() => clients.get(frame.socket)?.receive(frame));
  });
  let sockets = 0;
  const line = {
    send: (frame: Parameters<Host['receive']>[0]) => void setTimeout(() => host.receive(frame)),
    note: () => {},
  };
  const newSocket = (client?: Client) => {
    const socket = String(++sockets);
    if (client) clients.set(socket, client);
    return socket;
  };
  return { host, clients, line, newSocket };
}

function wsServer({ WebSocketServer }: Pick<typeof realWs, 'WebSocketServer'>, log: Log) {
  const wss = new WebSocketServer({ port: 0 });
  wss.on('connection', (ws, request) => {
    log(`connection ${request.url} clients ${wss.clients.size} state ${ws.readyState}`);
    ws.on('message', (data, isBinary) => {
      const text = (data as Buffer).toString();
      log(`message ${text} binary ${isBinary} ${typeof data} ${data instanceof Uint8Array}`);
      if (text === 'relay') for (const other of wss.clients) if (other !== ws) other.send(text);
      if (text === 'as it came') for (const other of wss.clients) if (other !== ws) other.send(data);
      if (text === 'as it came, as text') ws.send(data, { binary: false });
      if (text === 'number') ws.send(5);
      if (text === 'object')
        try {
          ws.send({ a: 1 } as unknown as string);
        } catch (error) {
          log(`${(error as Error).name} ${(error as Error).message}`);
        }
      if (text === 'wrong code')
        try {
          ws.close(1006);
        } catch (error) {
          log((error as Error).message);
        }
      if (text === 'close') {
        ws.close(4001, 'bye');
        log(`after close ${ws.readyState}`);
        ws.send('lost');
        ws.send('lost', (error) => log(String(error?.message)));
      }
      if (text === 'terminate') ws.terminate();
    });
    ws.once('message', () => log('the first one'));
    ws.on('close', (code, reason) => log(`close ${code} “${reason.toString()}” clients ${wss.clients.size}`));
  });
  return wss;
}

const wsDoings: readonly (readonly [who: string, what: string])[] = [
  ['ann', 'hello'],
  ['ben', 'relay'],
  ['ann', 'as it came'],
  ['ann', 'as it came, as text'],
  ['ann', 'number'],
  ['ann', 'object'],
  ['ann', 'wrong code'],
  ['ann', 'close'],
  ['ben', 'terminate'],
];

async function overRealWs(): Promise<Seen> {
  const { of, seen } = logs();
  const wss = wsServer(realWs, of('server'));
  const { port } = wss.address() as AddressInfo;
  const open = async (who: string) => {
    // Node's own WebSocket is that of browsers.
    const client = new globalThis.WebSocket(`ws://127.0.0.1:${port}/${who}?a=1`);
    watchWs(client, of(who));
    await quiet();
    return client;
  };
  const clients = new Map([
    ['ann', await open('ann')],
    ['ben', await open('ben')],
    ['cem', await open('cem')],
  ]);
  for (const [who, what] of wsDoings) {
    clients.get(who)?.send(what);
    await quiet();
  }
  clients.get('cem')?.close(3000, 'going');
  await quiet();
  wss.close();
  return seen;
}

async function inMemoryWs(): Promise<Seen> {
  const { of, seen } = logs();
  const { host, clients: all, line, newSocket } = hosted();
  wsServer(host.packages.ws as unknown as typeof realWs, of('server'));
  const open = async (who: string) => {
    const socket = newSocket();
    const client = new PageWebSocket(line, socket, `/${who}?a=1`);
    all.set(socket, client);
    watchWs(client, of(who));
    await quiet();
    return client;
  };
  const clients = new Map([
    ['ann', await open('ann')],
    ['ben', await open('ben')],
    ['cem', await open('cem')],
  ]);
  for (const [who, what] of wsDoings) {
    clients.get(who)?.send(what);
    await quiet();
  }
  clients.get('cem')?.close(3000, 'going');
  await quiet();
  return seen;
}

function watchWs(client: WebSocket | PageWebSocket, log: Log): void {
  const target: EventTarget = client;
  target.addEventListener('open', () => log(`open ${client.readyState}`));
  target.addEventListener('message', (event) => {
    const { data } = event as MessageEvent<string | Blob>;
    log(typeof data === 'string' ? `text ${data}` : `${data.constructor.name} of ${data.size}`);
  });
  target.addEventListener('close', (event) => {
    const { code, reason, wasClean } = event as CloseEvent;
    log(`close ${code} “${reason}” ${wasClean} ${client.readyState}`);
  });
}

test(
  'a server for ws sees and says the same over real sockets and in memory',
  { timeout: 40_000 },
  async () => {
    const real = await overRealWs();
    const standIn = await inMemoryWs();
    expect(real['server']?.length).toBeGreaterThan(15);
    expect(standIn).toEqual(real);
  },
);

function ioServer(io: realIo.Server, log: Log): void {
  /** Ids differ; names do not. */
  const named = (text: string) => [...names].reduce((so, [id, name]) => so.replaceAll(id, name), text);
  const names = new Map<string, string>();
  io.use((socket, next) => (socket.handshake.query['no'] === '1' ? next(new Error('not wanted')) : next()));
  io.on('connection', (socket) => {
    log(`connection, own room ${socket.rooms.has(socket.id)}, ${socket.connected}`);
    const rooms = () => named([...socket.rooms].join(' '));
    socket.on('name', (name: string) => names.set(socket.id, `<${name}>`));
    socket.on('join', async (room: string, done: (rooms: string) => void) => {
      await socket.join(room);
      await socket.join(room);
      log(`joined ${rooms()}, ${io.sockets.adapter.rooms.get(room)?.size} in it`);
      io.to(room).emit('came', room);
      socket.to(room).emit('came to others', room);
      done(rooms());
      done('twice');
    });
    socket.on('leave', async (room: string) => {
      await socket.leave(room);
      log(`left: ${rooms()}, ${io.sockets.adapter.rooms.has(room)}`);
      io.to(room).emit('went', room);
    });
    socket.on('all', () => {
      io.emit('to all', 1, { two: [null, undefined] });
      socket.broadcast.emit('to others');
      socket.emit('to you');
      io.to(['blue', 'green']).except('green').emit('blue only');
      io.to('blue').to('green').emit('once each');
      io.emit('the last');
    });
    socket.on('direct', (name: string) => {
      const [id = ''] = [...names].find(([, one]) => one === `<${name}>`) ?? [];
      socket.to(id).emit('for you', 'hello');
      io.to(id).emit('for you', 'again');
      io.to('nobody').emit('for you', 'never');
    });
    socket.on('reserved', () => {
      try {
        socket.emit('disconnect');
      } catch (error) {
        log((error as Error).message);
      }
    });
    socket.on('ask', async (done: (answer: unknown) => void) => {
      const answer: unknown = await socket.emitWithAck('question', 7);
      log(`answered ${JSON.stringify(answer)}`);
      done({ answer });
    });
    socket.on('throw out', () => {
      socket.disconnect(true);
      log(`thrown out, connected ${socket.connected}`);
      socket.emit('lost');
    });
    socket.once('once', () => log('once'));
    const off = () => log('never');
    socket.on('off', off);
    socket.off('off', off);
    socket.on('disconnecting', (reason) => log(`disconnecting ${reason}: ${rooms()}`));
    socket.on('disconnect', (reason) => log(`disconnect ${reason}: “${rooms()}”`));
  });
}

type AnyClient = Pick<RealClient, 'on' | 'emit' | 'disconnect'>;

function watchIo(client: AnyClient, log: Log): void {
  client.on('connect', () => log('connect'));
  client.on('connect_error', (error) => log(`refused: ${error.message}`));
  client.on('disconnect', (reason) => log(`disconnect ${reason}`));
  for (const name of ['came', 'came to others', 'went', 'to all', 'to others', 'to you'])
    client.on(name, (...args: unknown[]) => log(`${name} ${JSON.stringify(args)}`));
  for (const name of ['blue only', 'once each', 'the last', 'for you', 'lost'])
    client.on(name, (...args: unknown[]) => log(`${name} ${JSON.stringify(args)}`));
  client.on('question', (number: number, done: (answer: number) => void) => {
    log(`question ${number}`);
    done(number * 2);
  });
}

async function ioScript(open: (who: string) => AnyClient, of: (who: string) => Log): Promise<void> {
  const clients = new Map<string, AnyClient>();
  for (const who of ['ann', 'ben', 'cem']) {
    const client = open(who);
    watchIo(client, of(who));
    clients.set(who, client);
    client.emit('name', who); // before it is connected
    await quiet();
  }
  const told = (who: string) => (answer: unknown) => of(who)(`told ${JSON.stringify(answer)}`);
  const doings: [who: string, ...what: [string, ...unknown[]]][] = [
    ['ann', 'join', 'blue', told('ann')],
    ['ben', 'join', 'blue', told('ben')],
    ['cem', 'join', 'green', told('cem')],
    ['ben', 'join', 'green', told('ben')],
    ['ann', 'all'],
    ['ann', 'direct', 'ben'],
    ['ann', 'direct', 'ann'],
    ['ann', 'reserved'],
    ['ann', 'ask', told('ann')],
    ['ann', 'once'],
    ['ann', 'once'],
    ['ann', 'off'],
    ['ann', 'nobody listens', 1],
    ['ann', 'leave', 'blue'],
    ['ann', 'leave', 'blue'],
    ['cem', 'throw out'],
  ];
  for (const [who, name, ...args] of doings) {
    clients.get(who)?.emit(name, ...args);
    await quiet();
  }
  for (const who of ['ben', 'ann']) {
    clients.get(who)?.disconnect();
    await quiet();
  }
}

async function overRealIo(): Promise<Seen> {
  const { of, seen } = logs();
  const io = new realIo.Server(0, { transports: ['websocket'] });
  ioServer(io, of('server'));
  const { port } = io.httpServer.address() as AddressInfo;
  const open = (query = {}) =>
    connectIo(`http://127.0.0.1:${port}`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      query,
    });
  await ioScript(() => open(), of);
  const refused = open({ no: '1' });
  watchIo(refused, of('refused'));
  await quiet();
  await io.close();
  return seen;
}

async function inMemoryIo(): Promise<Seen> {
  const { of, seen } = logs();
  const { host, line, newSocket } = hosted();
  const { Server } = host.packages['socket.io'] as unknown as Pick<typeof realIo, 'Server'>;
  ioServer(new Server(), of('server'));
  await ioScript(() => new PageIoSocket(line, newSocket) as unknown as AnyClient, of);
  const refused = new PageIoSocket(
    {
      ...line,
      send: (frame) => line.send(frame.do === 'open' ? { ...frame, url: '/socket.io/?no=1' } : frame),
    },
    newSocket,
  );
  watchIo(refused as unknown as AnyClient, of('refused'));
  await quiet();
  return seen;
}

test(
  'a server for socket.io sees and says the same over real sockets and in memory',
  { timeout: 40_000 },
  async () => {
    const real = await overRealIo();
    const standIn = await inMemoryIo();
    expect(real['server']?.length).toBeGreaterThan(15);
    expect(standIn).toEqual(real);
  },
);

test('who connects to a server of the other kind, or to none, is told so', () => {
  const said: FromHost[] = [];
  const host = new Host((frame) => said.push(frame));
  host.receive({ do: 'open', socket: '1', as: 'ws', url: '/' });
  const { Server } = host.packages['socket.io'] as unknown as { Server: new () => unknown };
  expect(new Server()).toBeDefined();
  host.receive({ do: 'open', socket: '2', as: 'ws', url: '/' });
  expect(said).toMatchObject([
    { do: 'refuse', socket: '1', why: 'No server listens: the code has made none.' },
    { do: 'listens' },
    { do: 'refuse', socket: '2', why: 'This server speaks socket.io, and the client ws.' },
  ]);
});
