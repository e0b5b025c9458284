import type { Run } from '../../rtc/bench.ts';
import type { PeerLabel } from '../../rtc/timeline.ts';
import type { ColumnId, ColumnModule } from './define.ts';

/**
 * Libraries as they are, loaded into one participant's page: what they change of its globals (PeerJS brings
 * `webrtc-adapter` with it) no other page sees.
 */
export interface Libraries {
  readonly peerjs: typeof import('peerjs');
  readonly 'simple-peer': typeof import('simple-peer/simplepeer.min.js');
  readonly adapter: typeof import('webrtc-adapter');
}

/**
 * A page of its own, in a hidden frame of this origin, that ends with the run.
 *
 * Everything that happens in it is on the record under the participant's name: each `RTCPeerConnection` that anybody
 * opens there (the first as `alice`, further ones as `alice/2`, `alice/3`; one that a library opens while it is loaded,
 * to try what the browser can, as `alice/probe`), each frame of each WebSocket as
 * `server-message`, each request of `fetch()`; descriptions and candidates that cross a socket as `signal-sent` and
 * `signal-received` too, whichever protocol carries them.
 */
export interface Realm {
  readonly name: PeerLabel;
  /** The frame's own global object. */
  readonly window: Window & typeof globalThis;
  load<L extends keyof Libraries>(library: L): Promise<Libraries[L]>;
  /** The code of a column, executed in this page. @throws {RangeError} when the task has no such column */
  loadColumn(task: string, column: ColumnId): Promise<ColumnModule>;
  /** Aborted with the run: then the frame is gone. */
  readonly signal: AbortSignal;
}

export interface RealmOptions {
  readonly name: PeerLabel;
  /** Where it is recorded, and what holds calls back while a run is stepped. */
  readonly bench: Run;
  /**
   * Under which ids servers know the participants of this run, so that it is told for whom a message is. Needed where
   * there are more than two; what is in the messages and addresses themselves is found without it.
   */
  readonly ids?: Readonly<Record<string, PeerLabel>>;
}
