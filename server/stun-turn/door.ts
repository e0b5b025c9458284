import type { TurnServer } from './turn-server.ts';

/** What the sockets need to know of the house behind them. */
export interface Door {
  readonly turn: TurnServer;
  /** Milliseconds since 1970, of a clock that does not go back. */
  readonly now: () => number;
  /** A number for a new flow. */
  readonly nextId: () => number;
  /** Whether somebody from that address may ask at all. */
  readonly admits: (address: string) => boolean;
  /** Whether there is a tap. */
  readonly watched: boolean;
  /** Connections of one listening socket. */
  readonly maxConnections: number;
}

/** One open port. */
export interface Entrance {
  readonly port: number;
  /** Lets the time pass. To be called about every second. */
  tick(nowMs: number): void;
  /** Ends everything that came through it. */
  close(): void;
}
