/**
 * One of the three servers that `signaling.ts` compares, in a process of its own: `ours`, `plain`, `acked`, `ws`.
 * It prints its port, then for each line of its standard input the CPU time it has used in µs, and ends with it.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { WebSocketServer, type WebSocket } from 'ws';
import { createApp } from '../server/app.ts';
import { readConfig } from '../server/config.ts';

const relays: Record<string, () => Promise<number>> = {
  /** Our server as it is started, its rate limit raised above the load. */
  ours: async () => {
    const unlimited = { rate: { burst: 1e9, perSec: 1e9 }, socketsPerAddress: 10_000 };
    const config = { ...readConfig({ PORT: '0' }), ...unlimited, sessionSecret: 'x'.repeat(32) };
    return (await (await createApp(config)).listen()).port;
  },

  plain: tutorial,
  /** The same: whether it acknowledges is up to the client. */
  acked: tutorial,

  /** No protocol at all: a message goes to the other connection of its room. */
  ws: () => {
    const http = createServer();
    const rooms = new Map<string, WebSocket[]>();
    new WebSocketServer({ server: http }).on('connection', (socket, request) => {
      const room = request.url ?? '/';
      rooms.set(room, [...(rooms.get(room) ?? []), socket]);
      socket.on('message', (bytes: Buffer) => {
        const { to, signal } = JSON.parse(bytes.toString()) as { to: string; signal: unknown };
        const text = JSON.stringify({ from: to, signal });
        for (const other of rooms.get(room) ?? []) if (other !== socket) other.send(text);
      });
    });
    return listening(http);
  },
};

/** The relay of the usual tutorial: rooms and receivers as the client names them, nothing checked. */
function tutorial(): Promise<number> {
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'] });
  io.on('connection', (socket) => {
    socket.on('join', (room: string, reply: (id: string) => void) => {
      void socket.join(room);
      reply(socket.id);
    });
    socket.on('signal', ({ to, signal }: { to: string; signal: unknown }, reply?: (ok: true) => void) => {
      io.to(to).emit('signal', { from: socket.id, signal });
      reply?.(true);
    });
  });
  return listening(http);
}

function listening(http: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    http.listen(0, '127.0.0.1', () => resolve((http.address() as AddressInfo).port));
  });
}

const start = relays[process.argv[2] ?? ''];
if (!start) throw new Error(`name one of ${Object.keys(relays).join(', ')}`);
console.log(await start());
process.stdin
  .on('data', () => {
    const { user, system } = process.cpuUsage();
    console.log(user + system);
  })
  .on('end', () => process.exit(0));
