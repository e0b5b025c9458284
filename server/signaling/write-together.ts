import type { Socket } from 'node:net';
import { type ServerOptions, WebSocket, WebSocketServer } from 'ws';

/** Writes of one turn that leave at once: whoever is alone does not wait for a crowd that is not there. */
const ALONE = 2;
/** Writes after which a batch leaves, so that the first of a burst does not wait for the last. */
const BATCH = 64;

/**
 * Lets what is written in one turn of the event loop leave with one system call for each connection. Relayed
 * signals and acknowledgements are small: the call costs more than everything that leads to it.
 *
 * Call the returned function before each write; an answer can wait for the end of the turn, since nobody's call depends
 * on it.
 */
export function batchWrites(): (socket: Socket, canWait: boolean) => void {
  let corked: Socket[] = [];
  let writes = 0;
  let alone = 0;
  let scheduled = false;
  const flush = () => {
    const sockets = corked;
    corked = [];
    for (const socket of sockets) socket.uncork();
  };
  const endTurn = () => {
    scheduled = false;
    writes = 0;
    alone = 0;
    flush();
  };
  return (socket, canWait) => {
    if (!scheduled) {
      scheduled = true;
      setImmediate(endTurn);
    }
    if (!canWait && ++alone <= ALONE) return;
    if (++writes % BATCH === 0) flush();
    if (socket.writableCorked > 0) return;
    socket.cork();
    corked.push(socket);
  };
}

/**
 * Engine.IO holds every further packet back until the one before has left, which with a corked socket is in
 * the next turn: two system calls again. To this WebSocket a packet has left when it is in the socket's buffer.
 */
class EagerWebSocket extends WebSocket {
  override send(data: unknown, ...rest: unknown[]): void {
    const [options, done] = rest.length > 1 ? rest : [{}, rest[0]];
    super.send(data as Buffer, options as object);
    if (typeof done === 'function') done();
  }
}

/** The `wsEngine` of Socket.IO's server. */
export class EagerWebSocketServer extends WebSocketServer<typeof EagerWebSocket> {
  constructor(options: ServerOptions<typeof EagerWebSocket>) {
    super({ ...options, WebSocket: EagerWebSocket });
  }
}
