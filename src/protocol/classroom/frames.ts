/**
 * What passes between a learner's server and those who run it: plain data, the same for a worker's port and for the
 * pipe of a process. `socket` is a number that the outside gives to each connection; it is not the id that a client
 * learns.
 */
export type ToHost =
  /** Somebody connects. `url` is the path and query of the request. */
  | { readonly do: 'open'; readonly socket: string; readonly as: Kind; readonly url: string }
  /** A WebSocket message. A binary one is its bytes in base64. */
  | { readonly do: 'data'; readonly socket: string; readonly data: string; readonly isBinary?: true }
  /** A Socket.IO event: its name and what came with it. `ack` is there when an acknowledgement is wanted. */
  | {
      readonly do: 'event';
      readonly socket: string;
      readonly args: readonly unknown[];
      readonly ack?: number;
    }
  /** The client's acknowledgement of an event of ours. */
  | { readonly do: 'ack'; readonly socket: string; readonly ack: number; readonly args: readonly unknown[] }
  /** The client closes, or is gone: then without a code. `asked` when a Socket.IO client said that it goes. */
  | {
      readonly do: 'close';
      readonly socket: string;
      readonly code?: number;
      readonly reason?: string;
      readonly asked?: true;
    };

export type FromHost =
  /** A server was made: the code has come so far. */
  | { readonly do: 'listens'; readonly as: Kind }
  /** The connection stands; `id` is that of a Socket.IO socket. */
  | { readonly do: 'accept'; readonly socket: string; readonly id: string }
  | { readonly do: 'refuse'; readonly socket: string; readonly why: string }
  | { readonly do: 'data'; readonly socket: string; readonly data: string; readonly isBinary?: true }
  | {
      readonly do: 'event';
      readonly socket: string;
      readonly args: readonly unknown[];
      readonly ack?: number;
    }
  | { readonly do: 'ack'; readonly socket: string; readonly ack: number; readonly args: readonly unknown[] }
  | { readonly do: 'close'; readonly socket: string; readonly code: number; readonly reason: string };

/** Which of the two kinds of server, and of client. */
export type Kind = 'ws' | 'socket.io';
