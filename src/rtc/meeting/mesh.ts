import type { EventPayload, Member, PeerId } from '../../protocol/signaling.ts';
import { envelopeId } from '../signaling/envelope-id.ts';
import type { RoomClient } from '../signaling/room-client.ts';
import { refusal } from '../signaling/socket.ts';
import type { Signal } from '../signaling/signaling.ts';
import { Emitter } from './emitter.ts';
import {
  noTracks,
  type DirectLine,
  type Engine,
  type EngineEvents,
  type Link,
  type Tracks,
} from './engine.ts';
import { uniqueLabel } from './labels.ts';
import { MeshLink } from './link.ts';

/** How this page calls itself in the record of each link. */
const OWN_LABEL = 'you';

export interface MeshOptions {
  readonly room: RoomClient;
  readonly signal: AbortSignal;
  /** Of the next connection: the servers' credentials expire. */
  readonly configuration: () => RTCConfiguration;
  /** A signal to somebody who is there is on its way to the server. */
  readonly sent: (taken: Promise<void>) => void;
}

interface Held {
  readonly link: MeshLink;
  readonly end: AbortController;
}

/**
 * Full mesh: a link to each of the others, and everything is encoded and sent once for each.
 *
 * For n participants that is n − 1 links here and n(n − 1)/2 in all. It needs no server but for the signals.
 */
export class Mesh implements Engine {
  readonly kind = 'mesh';
  readonly servers = [];
  readonly mix = null;
  readonly #options: MeshOptions;
  readonly #events = new Emitter<EngineEvents>();
  readonly on = this.#events.on;
  readonly #held = new Map<PeerId, Held>();
  /** Signals of somebody of whom the room has not told us yet. */
  readonly #early = new Map<PeerId, { id: string; signal: Signal }[]>();
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  #tracks: Tracks = noTracks;

  constructor(options: MeshOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#end.signal]);
    const { room } = options;
    const stops = [
      room.on('signal', (received) => this.#receive(received)),
      room.on('state', () => this.#findWays()),
      room.on('members', () => this.#findWays()),
    ];
    this.#signal.addEventListener('abort', () => stops.forEach((stop) => stop()), { once: true });
  }

  get links(): ReadonlyMap<PeerId, Link> {
    return new Map([...this.#held].map(([peer, { link }]) => [peer, link]));
  }

  get received(): ReadonlyMap<PeerId, Tracks> {
    return new Map([...this.#held].map(([peer, { link }]) => [peer, link.tracks]));
  }

  get lines(): ReadonlyMap<PeerId, DirectLine> {
    return new Map([...this.#held].map(([peer, { link }]) => [peer, link.line]));
  }

  /** A mesh sends all that there is to everybody. */
  want(): void {}

  /** There is no server that could tell. */
  watch(): () => void {
    return () => {};
  }

  async send(tracks: Tracks): Promise<void> {
    this.#tracks = tracks;
    await Promise.allSettled([...this.#held.values()].map(({ link }) => link.send(tracks)));
  }

  meet(member: Member, offers: boolean): void {
    if (this.#signal.aborted) return;
    const before = this.#held.get(member.peer);
    if (before) this.part(member.peer);
    const end = new AbortController();
    const { room, configuration } = this.#options;
    const taken = new Set([OWN_LABEL, ...[...this.#held.values()].map(({ link }) => link.other)]);
    const link = new MeshLink({
      peer: member.peer,
      self: OWN_LABEL,
      other: uniqueLabel(member.name, taken),
      offers,
      signal: AbortSignal.any([this.#signal, end.signal]),
      configuration,
      tracks: () => this.#tracks,
      sends: () => sends(room.members.get(member.peer)),
      post: (signal) => this.#post(member.peer, signal),
    });
    this.#held.set(member.peer, { link, end });
    link.setReachable(this.#isReachable(member.peer));
    const told = () => this.#tellLinks();
    link.on('state', told);
    link.on('bench', told);
    link.on('tracks', (tracks) => this.#events.emit('tracks', { peer: member.peer, tracks }));
    const early = this.#early.get(member.peer) ?? [];
    this.#early.delete(member.peer);
    for (const { id, signal } of early) link.receive(id, signal);
    told();
  }

  part(peer: PeerId): void {
    this.#early.delete(peer);
    const held = this.#held.get(peer);
    if (!held) return;
    this.#held.delete(peer);
    held.end.abort();
    this.#events.emit('tracks', { peer, tracks: noTracks });
    this.#tellLinks();
  }

  recover(): void {
    for (const { link } of this.#held.values()) link.restart();
  }

  close(): void {
    this.#end.abort();
    for (const peer of this.#held.keys()) this.part(peer);
  }

  #tellLinks(): void {
    this.#events.emit('links', this.links);
    this.#events.emit('lines', this.lines);
  }

  #post(to: PeerId, signal: Signal): { id: string; taken: Promise<void> } {
    const { room, sent } = this.#options;
    const { self } = room;
    const taken = room.send(to, signal).catch((error: unknown) => {
      throw refusal(error);
    });
    if (this.#isReachable(to)) sent(taken);
    return { id: self ? envelopeId(self.page, self.peer, room.sequenceTo(to)) : '', taken };
  }

  /** Signals reach whoever has a connection to the server, as long as we have one. */
  #findWays(): void {
    for (const [peer, { link }] of this.#held) link.setReachable(this.#isReachable(peer));
  }

  #isReachable(peer: PeerId): boolean {
    const { room } = this.#options;
    return room.state.state === 'joined' && room.members.get(peer)?.away === false;
  }

  #receive({ from, fromPage, sequence, signal }: EventPayload<'signal:received'>): void {
    const id = envelopeId(fromPage, from, sequence);
    const held = this.#held.get(from);
    if (held) return held.link.receive(id, signal);
    const early = this.#early.get(from) ?? [];
    if (early.length < 100) this.#early.set(from, [...early, { id, signal }]);
  }
}

function sends(member: Member | undefined): boolean {
  const { media } = member ?? {};
  return media !== undefined && (!media.muted || media.camera || media.screen);
}
