import type { FromHost, Kind, ToHost } from './frames.ts';
import { Server, Socket } from './socket-io.ts';
import { WebSocket, WebSocketServer } from './ws.ts';

/**
 * What a learner's server runs on: the two packages that it may import, and the one server that it makes.
 *
 * It owns no port, no timer and no socket. What comes from clients is handed to {@link receive}, what goes to them to
 * `post`; a worker or a process stands around it. What a listener throws goes through: in Node it would end the process.
 */
export class Host {
  /** The packages by name, as a module that imports them finds them. */
  readonly packages: Readonly<Record<Kind, Readonly<Record<string, unknown>>>>;
  readonly #post: (frame: FromHost) => void;
  #server: { readonly as: Kind; readonly receive: (frame: ToHost) => void } | undefined;

  constructor(post: (frame: FromHost) => void) {
    this.#post = post;
    const listens = (as: Kind) => (server: WebSocketServer | Server) => {
      this.#server = { as, receive: (frame) => server.receive(frame) };
      post({ do: 'listens', as });
    };
    // A constructor that takes whatever the originals take: a port, an http server, options.
    const forWs = { post, listens: listens('ws') };
    const forIo = { post, listens: listens('socket.io'), newId };
    this.packages = {
      ws: {
        WebSocket,
        WebSocketServer: class extends WebSocketServer {
          constructor() {
            super(forWs);
          }
        },
      },
      'socket.io': {
        Socket,
        Server: class extends Server {
          constructor() {
            super(forIo);
          }
        },
      },
    };
  }

  receive(frame: ToHost): void {
    if (frame.do !== 'open') return this.#server?.receive(frame);
    if (this.#server?.as === frame.as) return this.#server.receive(frame);
    const why = this.#server
      ? `This server speaks ${this.#server.as}, and the client ${frame.as}.`
      : 'No server listens: the code has made none.';
    this.#post({ do: 'refuse', socket: frame.socket, why });
  }
}

/** 20 letters, as Socket.IO's own. */
function newId(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return Array.from(crypto.getRandomValues(new Uint8Array(20)), (byte) => letters[byte % 64]).join('');
}
