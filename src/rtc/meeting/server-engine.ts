import type { Cell, MiddleboxKind, Want } from '../../protocol/middlebox.ts';
import type { Member, PeerId } from '../../protocol/signaling.ts';
import { RoomError, type RoomClient } from '../signaling/room-client.ts';
import { Emitter } from './emitter.ts';
import {
  noTracks,
  sources,
  type DirectLine,
  type Engine,
  type EngineEvents,
  type Link,
  type Mix,
  type ServerLink,
  type Tracks,
} from './engine.ts';
import { ServerLines } from './server-lines.ts';
import { DownLink, UpLink } from './server-link.ts';

/** What is shown may change with each frame of a window that is dragged: it is told this often, in milliseconds. */
const WANT_MS = 100;

export interface ServerEngineOptions {
  readonly kind: MiddleboxKind;
  /** It has been joined. */
  readonly room: RoomClient;
  readonly signal: AbortSignal;
  readonly configuration: () => RTCConfiguration;
  /** What is sent from the beginning. */
  readonly tracks: Tracks;
  /** A request is on its way to the server. */
  readonly sent: (taken: Promise<void>) => void;
}

/**
 * Media through a server in the middle: an SFU, which forwards, or an MCU, which mixes.
 *
 * Two connections, however many take part: everything goes up once, and comes down as the server finds right.
 */
export class ServerEngine implements Engine {
  readonly kind: MiddleboxKind;
  readonly links: ReadonlyMap<PeerId, Link> = new Map();
  readonly #options: ServerEngineOptions;
  readonly #events = new Emitter<EngineEvents>();
  readonly on = this.#events.on;
  readonly #lines = new ServerLines();
  readonly #up: UpLink;
  readonly #down: DownLink;
  readonly #received = new Map<PeerId, Tracks>();
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  #tracks: Tracks;
  #mixed: Tracks | undefined;
  #cells: readonly Cell[] = [];
  #wants: readonly Want[] | undefined;
  #wantTimer: ReturnType<typeof setTimeout> | undefined;
  #watchers = 0;
  #seat: string | undefined;
  #isAway = false;

  constructor(options: ServerEngineOptions) {
    const { kind, room, configuration, sent } = options;
    this.#options = options;
    this.kind = kind;
    this.#tracks = options.tracks;
    this.#signal = AbortSignal.any([options.signal, this.#end.signal]);
    const common = { kind, room, configuration, sent, signal: this.#signal };
    this.#up = new UpLink({ ...common, tracks: () => this.#tracks, lines: this.#lines });
    this.#down = new DownLink({ ...common, onReceived: (received) => this.#take(received) });
    for (const link of [this.#up, this.#down]) {
      link.on('state', () => this.#tellServers());
      link.on('bench', () => this.#tellServers());
    }
    // The seat may be another one as well, of which nobody knows what it shows.
    this.#down.on('bench', () => this.#tellWants());
    const stops = [
      room.hear('middlebox:offer', (offer) => offer.kind === kind && this.#down.take(offer)),
      room.hear('middlebox:ended', ({ kind: of, leg, why }) => {
        if (of === kind) (leg === 'up' ? this.#up : this.#down).dropped(why);
      }),
      room.hear('middlebox:heard', ({ kind: of, loudest }) => {
        if (of === kind) this.#events.emit('heard', loudest);
      }),
      room.hear('middlebox:cells', ({ cells }) => kind === 'mcu' && this.#place(cells)),
      room.hear('middlebox:table', ({ kind: of, table }) => {
        if (of === kind) this.#events.emit('table', table);
      }),
      room.on('state', () => this.#findWay()),
    ];
    this.#signal.addEventListener(
      'abort',
      () => {
        clearTimeout(this.#wantTimer);
        for (const stop of stops) stop();
      },
      { once: true },
    );
    this.#findWay();
  }

  get servers(): readonly ServerLink[] {
    return [this.#up, this.#down];
  }

  get lines(): ReadonlyMap<PeerId, DirectLine> {
    return new Map(this.#lines.all);
  }

  get received(): ReadonlyMap<PeerId, Tracks> {
    return new Map(this.#received);
  }

  get mix(): Mix | null {
    return this.#mixed ? { tracks: this.#mixed, cells: this.#cells } : null;
  }

  want(wants: readonly Want[]): void {
    this.#wants = wants;
    this.#wantTimer ??= setTimeout(() => this.#tellWants(), WANT_MS);
  }

  watch(): () => void {
    this.#watchers += 1;
    if (this.#watchers === 1) this.#tellWatch();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#watchers -= 1;
      if (this.#watchers === 0) this.#tellWatch();
    };
  }

  async send(tracks: Tracks): Promise<void> {
    this.#tracks = tracks;
    await this.#up.send(tracks);
  }

  meet({ peer, bot }: Member): void {
    if (this.#signal.aborted) return;
    if (!this.#received.has(peer)) this.#received.set(peer, noTracks);
    // A bot has no ears and takes no files.
    if (bot) return;
    this.#lines.add(peer);
    this.#events.emit('lines', this.lines);
  }

  part(peer: PeerId): void {
    this.#lines.remove(peer);
    this.#events.emit('lines', this.lines);
    if (this.#received.delete(peer)) this.#events.emit('tracks', { peer, tracks: noTracks });
  }

  recover(): void {
    for (const link of [this.#up, this.#down]) link.restart();
  }

  close(): void {
    if (this.#end.signal.aborted) return;
    this.#end.abort();
    this.#lines.detach();
    const { room, kind } = this.#options;
    // Of a server that cannot be asked any more the seat is gone with the participant.
    room.ask('middlebox:leave', { kind }).catch(() => {});
  }

  #tellServers(): void {
    this.#events.emit('servers', this.servers);
  }

  /** Requests reach the server, or do so again. */
  #findWay(): void {
    const { state } = this.#options.room;
    if (state.state !== 'joined') {
      this.#isAway = true;
      for (const link of [this.#up, this.#down]) link.setReachable(false);
      return;
    }
    // A server that was started anew, and one for which we are somebody else, know nothing of our seat.
    const seat = `${state.server} ${state.self.peer}`;
    const isSameSeat = this.#seat === undefined || seat === this.#seat;
    const isBack = this.#isAway;
    this.#isAway = false;
    this.#seat = seat;
    if (!isBack) return;
    for (const link of [this.#up, this.#down]) link.returned(isSameSeat);
    this.#tellWants();
    if (this.#watchers > 0) this.#tellWatch();
  }

  #tellWants(): void {
    clearTimeout(this.#wantTimer);
    this.#wantTimer = undefined;
    const wants = this.#wants ?? [];
    this.#ask(() => this.#options.room.ask('middlebox:want', { kind: this.kind, wants: wants.slice(0, 64) }));
  }

  #tellWatch(): void {
    const on = this.#watchers > 0;
    this.#ask(() => this.#options.room.ask('middlebox:watch', { kind: this.kind, on }));
  }

  /** What is told again after a return, and so may be lost. */
  #ask(act: () => Promise<unknown>): void {
    if (this.#signal.aborted) return;
    act().catch((error: unknown) => {
      if (!(error instanceof RoomError)) reportError(error);
    });
  }

  /** What comes down, and whose it is. */
  #take(received: ReadonlyMap<PeerId | null, Tracks>): void {
    const peers = new Set([...this.#received.keys(), ...received.keys()]);
    for (const peer of peers) {
      if (peer === null) continue;
      const tracks = received.get(peer) ?? noTracks;
      if (sameTracks(this.#received.get(peer), tracks)) continue;
      this.#received.set(peer, tracks);
      this.#events.emit('tracks', { peer, tracks });
    }
    const mixed = received.get(null);
    if (sameTracks(this.#mixed, mixed)) return;
    this.#mixed = mixed;
    this.#events.emit('mix', this.mix);
  }

  #place(cells: readonly Cell[]): void {
    this.#cells = cells;
    if (this.#mixed) this.#events.emit('mix', this.mix);
  }
}

const sameTracks = (a: Tracks | undefined, b: Tracks | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && sources.every((source) => a[source] === b[source]));
