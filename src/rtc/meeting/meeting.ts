import type { MediaState, Member, PageId, PeerId, RoomId, TopologyReason } from '../../protocol/signaling.ts';
import { RoomClient } from '../signaling/room-client.ts';
import type { Tracks } from './engine.ts';
import { Recovery, watchNetwork } from './network.ts';
import { watchStrain, type StrainLimits } from './strain.ts';
import { Switching } from './switching.ts';

export interface MeetingOptions {
  /** Origin of the server. */
  readonly url: string;
  readonly room: RoomId;
  readonly page: PageId;
  readonly name: string;
  readonly storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Leaves when aborted. */
  readonly signal: AbortSignal;
  /** What is sent, and what the others are told of it. */
  readonly tracks: Tracks;
  readonly media: MediaState;
  /** What a mesh may cost this page before the server is told that it is too much. */
  readonly strainLimits?: StrainLimits;
}

/** Credentials are asked for anew when they have less than this left, in milliseconds. */
const CREDENTIALS_LEFT_MS = 600_000;

/**
 * A participant's place in a meeting: the room, which says who is there, and the engine, which carries media between
 * them. It knows no page: a bot in this browser is one of these, too.
 */
export class Meeting {
  readonly room = new RoomClient();
  /** A mesh at first, and whatever the room asks for. */
  readonly engine: Switching;
  /** What is done when the network is another one. */
  readonly recovery: Recovery;
  readonly #signal: AbortSignal;
  readonly #end = new AbortController();
  readonly #options: MeetingOptions;
  #iceServers: RTCIceServer[] = [];
  #servers = Promise.resolve();

  constructor(options: MeetingOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#end.signal]);
    this.engine = new Switching({
      room: this.room,
      signal: this.#signal,
      configuration: () => ({ iceServers: this.#iceServers, bundlePolicy: 'max-bundle' }),
      sent: (taken) => this.recovery.sent(taken),
    });
    const { room, engine } = this;
    this.recovery = new Recovery({ room, engine, signal: this.#signal });
    if ('document' in globalThis) watchNetwork((news) => this.recovery.told(news), this.#signal);
    this.#follow();
  }

  /**
   * Takes a seat and calls everybody who is there.
   *
   * @throws {RoomError} when the server refuses, or the signal aborts first
   */
  async join(): Promise<Member> {
    const { room } = this;
    const { url, page, name, storage, tracks, media } = this.#options;
    await this.engine.send(tracks);
    room.setMedia(media);
    const self = await room.connect(url, {
      room: this.#options.room,
      page,
      name,
      kind: 'meeting',
      signal: this.#signal,
      ...(storage && { storage }),
    });
    // Who was there before us is called by us; whoever comes from now on calls.
    const present = [...room.members.values()];
    this.#servers = this.#refreshServers();
    // Before anybody is met: whoever comes into a meeting at an SFU has no mesh to begin with.
    void this.#servers.then(() => this.engine.begin(room.routing.topology));
    for (const member of present) this.#meet(member, true);
    void this.#servers.then(() => this.#route(null));
    watchStrain(this, this.#signal, this.#options.strainLimits);
    return self;
  }

  /** Sends these from now on, and tells the others. */
  async send(tracks: Tracks, media: MediaState): Promise<void> {
    this.room.setMedia(media);
    await this.engine.send(tracks);
  }

  /** Leaves for good; may be called twice. */
  close(): void {
    this.engine.close();
    this.room.close();
    this.#end.abort();
  }

  #follow(): void {
    const { room, engine } = this;
    room.on('joined', (member) => this.#meet(member, member.bot)); // the newcomer offers, but a bot never does
    room.on('back', ({ member, reloaded }) => {
      if (reloaded) this.#meet(member, member.bot); // whoever loaded its page last is the newcomer
    });
    room.on('left', ({ member }) => engine.part(member.peer));
    room.on('routing', ({ why }) => this.#route(why));
    engine.on('server-failed', () => this.#withoutServer());
    room.on('changed', () => this.#withoutServer());
    room.on('reset', () => {
      for (const peer of engine.received.keys()) engine.part(peer);
      for (const member of room.members.values()) this.#meet(member, true);
    });
  }

  /** Media travel as the room says. */
  #route(why: TopologyReason | null): void {
    if (this.room.state.state === 'joined') this.engine.go(this.room.routing.topology, why);
  }

  /** A host whose own way to the server is beyond repair takes the meeting back to a mesh. */
  #withoutServer(): void {
    const { room, engine } = this;
    const isBeyond = engine.failedServer !== null && engine.failedServer === room.routing.topology;
    if (!isBeyond || room.self?.role !== 'host' || room.state.state !== 'joined') return;
    room.setRouting({ topology: 'mesh', auto: false }, 'unavailable').catch(() => {});
  }

  /** Calls somebody, or awaits their call, when it is known which servers to use. */
  #meet({ peer, page }: Member, offers: boolean): void {
    void this.#servers.then(() => {
      const member = this.room.members.get(peer);
      if (member?.page === page) this.engine.meet(member, offers);
    });
  }

  /** STUN and TURN servers with credentials of ours, again before they expire; a server without them is no obstacle. */
  async #refreshServers(): Promise<void> {
    let leftMs = CREDENTIALS_LEFT_MS;
    try {
      const { servers, expiresAtMs } = await this.room.ask('ice:servers', { peer: 'meeting' });
      this.#iceServers = servers;
      leftMs = expiresAtMs - Date.now();
    } catch {
      // Without a relay the direct ways are tried; `ice-failed` says what is missing.
    }
    const againMs = Math.max(60_000, leftMs - CREDENTIALS_LEFT_MS);
    const timer = setTimeout(() => void this.#refreshServers(), againMs);
    this.#signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }
}

/** Everybody but us, by when they came. */
export function byArrival(members: ReadonlyMap<PeerId, Member>): readonly Member[] {
  return [...members.values()].toSorted((a, b) => a.joinedAtMs - b.joinedAtMs);
}
