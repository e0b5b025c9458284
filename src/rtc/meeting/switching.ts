import type { MiddleboxKind, Topology, Want } from '../../protocol/middlebox.ts';
import type { Member, PeerId, TopologyReason } from '../../protocol/signaling.ts';
import type { RtcError } from '../errors.ts';
import type { RoomClient } from '../signaling/room-client.ts';
import { Emitter } from './emitter.ts';
import {
  noTracks,
  type DirectLine,
  type Engine,
  type EngineEvents,
  type Link,
  type Mix,
  type ServerLink,
  type Tracks,
} from './engine.ts';
import { GapMeter, type Gaps } from './gaps.ts';
import { Mesh } from './mesh.ts';
import { isDelivered } from './delivered.ts';
import { ServerEngine } from './server-engine.ts';
import { SteadyLine } from './steady-line.ts';

/** A change of topology that has come to its end. */
export interface Switched {
  readonly from: Topology;
  readonly to: Topology;
  readonly why: TopologyReason | null;
  /** From the wish to the moment at which the new engine was shown, in milliseconds. */
  readonly tookMs: number;
  /** False: something was still missing when the time for it was over. */
  readonly isWhole: boolean;
  /** How long nothing new was presented of those whose camera was seen. */
  readonly gaps: Gaps;
}

export interface SwitchingEvents extends EngineEvents {
  /** The engine is another one from now on. */
  kind: Topology;
  /** To which topology it is on its way; null when it is there. */
  switching: Topology | null;
  switched: Switched;
  /** A connection to the server in the middle is beyond repair; what it says. */
  'server-failed': RtcError;
}

export interface SwitchingOptions {
  readonly room: RoomClient;
  readonly signal: AbortSignal;
  /** Of the next connection: the servers' credentials expire. */
  readonly configuration: () => RTCConfiguration;
  /** A message to somebody who is there is on its way to the server. */
  readonly sent: (taken: Promise<void>) => void;
}

/** So long the old engine waits for the new one to deliver, in milliseconds. */
const LIMIT_MS = 8_000;
/** How often it looks. */
const LOOK_MS = 100;
/** So long the first frame of the new one is waited for, to say how long the gap was, in milliseconds. */
const GAP_LIMIT_MS = 10_000;

/** The engine that is built while the present one goes on. */
interface Next {
  readonly engine: Engine;
  readonly gaps: GapMeter;
  readonly why: TopologyReason | null;
  readonly sinceMs: number;
  readonly end: AbortController;
}

/**
 * The engine of a meeting, whichever it is. When the topology changes the next one is built while the present one goes
 * on, and takes its place when it delivers: make before break. Whoever holds this one needs not know.
 */
export class Switching implements Engine {
  readonly #options: SwitchingOptions;
  readonly #events = new Emitter<SwitchingEvents>();
  readonly on = this.#events.on;
  readonly #met = new Map<PeerId, Member>();
  readonly #steady = new Map<PeerId, SteadyLine>();
  #present: Engine;
  #next: Next | undefined;
  #stops: (() => void)[] = [];
  #tracks: Tracks = noTracks;
  #wants: readonly Want[] | undefined;
  readonly #watchers = new Set<{ stop: () => void }>();

  constructor(options: SwitchingOptions) {
    this.#options = options;
    this.#present = this.#open('mesh');
    this.#stops = this.#follow(this.#present);
    options.signal.addEventListener('abort', () => this.close(), { once: true });
  }

  get kind(): Topology {
    return this.#present.kind;
  }

  /** To which topology it is on its way; null when it is there. */
  get switchingTo(): Topology | null {
    return this.#next?.engine.kind ?? null;
  }

  /** The server in the middle to which this page has no way any more; null: there is none, or it goes well. */
  get failedServer(): MiddleboxKind | null {
    const engine = [this.#next?.engine, this.#present].find((one) =>
      one?.servers.some(({ state }) => state.is === 'failed'),
    );
    return engine && engine.kind !== 'mesh' ? engine.kind : null;
  }

  get links(): ReadonlyMap<PeerId, Link> {
    return this.#present.links;
  }

  get servers(): readonly ServerLink[] {
    return this.#present.servers;
  }

  get lines(): ReadonlyMap<PeerId, DirectLine> {
    return new Map(this.#steady);
  }

  get received(): ReadonlyMap<PeerId, Tracks> {
    return this.#present.received;
  }

  get mix(): Mix | null {
    return this.#present.mix;
  }

  want(wants: readonly Want[]): void {
    this.#wants = wants;
    this.#present.want(wants);
    this.#next?.engine.want(wants);
  }

  watch(): () => void {
    const watcher = { stop: this.#present.watch() };
    this.#watchers.add(watcher);
    return () => {
      if (this.#watchers.delete(watcher)) watcher.stop();
    };
  }

  async send(tracks: Tracks): Promise<void> {
    this.#tracks = tracks;
    await Promise.all([this.#present.send(tracks), this.#next?.engine.send(tracks)]);
  }

  meet(member: Member, offers: boolean): void {
    this.#met.set(member.peer, member);
    // The same participant with another page has nothing of the old one's files.
    this.#steady.get(member.peer)?.carry([]);
    this.#steady.delete(member.peer);
    this.#present.meet(member, offers);
    this.#next?.engine.meet(member, offers);
    this.#carryLines();
  }

  part(peer: PeerId): void {
    this.#met.delete(peer);
    this.#steady.get(peer)?.carry([]);
    this.#steady.delete(peer);
    this.#present.part(peer);
    this.#next?.engine.part(peer);
    this.#carryLines();
  }

  recover(): void {
    this.#present.recover();
    this.#next?.engine.recover();
  }

  /** What the meeting is in already. Nothing has been built yet, and nobody met. */
  begin(topology: Topology): void {
    if (topology === 'mesh' || this.#options.signal.aborted) return;
    const before = this.#present;
    for (const stop of this.#stops) stop();
    before.close();
    this.#present = this.#openServer(topology);
    this.#stops = this.#follow(this.#present);
    if (this.#wants) this.#present.want(this.#wants);
    this.#tellAll(before);
  }

  /** Goes to another topology, or comes back from the way to one. */
  go(to: Topology, why: TopologyReason | null): void {
    if (this.#options.signal.aborted || to === (this.switchingTo ?? this.kind)) return;
    this.#drop();
    if (to === this.kind) return this.#stay();
    const engine = this.#open(to);
    const end = new AbortController();
    const next: Next = {
      engine,
      why,
      sinceMs: performance.now(),
      end,
      gaps: new GapMeter(this.#cameras(this.#present)),
    };
    this.#next = next;
    const stops = [
      engine.on('lines', () => this.#carryLines()),
      engine.on('servers', (servers) => this.#look(servers)),
    ];
    end.signal.addEventListener('abort', () => stops.forEach((stop) => stop()), { once: true });
    void engine.send(this.#tracks);
    for (const member of this.#met.values()) engine.meet(member, this.#offersTo(member));
    if (this.#wants) engine.want(this.#wants);
    this.#carryLines();
    this.#events.emit('switching', to);
    void this.#await(next);
  }

  close(): void {
    this.#drop();
    for (const { stop } of this.#watchers) stop();
    this.#watchers.clear();
    for (const stop of this.#stops) stop();
    this.#present.close();
  }

  #open(kind: Topology): Engine {
    return kind === 'mesh' ? new Mesh(this.#options) : this.#openServer(kind);
  }

  #openServer(kind: MiddleboxKind): Engine {
    return new ServerEngine({ ...this.#options, kind, tracks: this.#tracks });
  }

  /** The next one is not wanted any more. */
  #drop(): void {
    const next = this.#next;
    if (!next) return;
    this.#next = undefined;
    next.end.abort();
    next.gaps.close();
    next.engine.close();
    this.#carryLines();
    this.#events.emit('switching', null);
  }

  /** Back on the way. Some may have closed their end of the mesh already: of each pair one calls anew. */
  #stay(): void {
    for (const [peer, link] of this.#present.links) {
      const member = this.#met.get(peer);
      if (member && this.#offersTo(member)) link.rebuild();
    }
  }

  /** Two who find each other in a mesh anew must not both call: who is first in the alphabet does, and a bot never. */
  #offersTo({ peer, bot }: Member): boolean {
    const self = this.#options.room.self?.peer;
    return bot || (self !== undefined && self < peer);
  }

  /** Until the new one delivers all that is to be seen and heard, or for as long as anybody would wait. */
  async #await(next: Next): Promise<void> {
    const { room } = this.#options;
    let isWhole = false;
    while (!isWhole && performance.now() - next.sinceMs < LIMIT_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      if (next.end.signal.aborted) return;
      next.gaps.expect(this.#cameras(next.engine));
      isWhole = await isDelivered(next.engine, room.members, this.#wants);
      if (next.end.signal.aborted) return;
    }
    this.#change(next, isWhole);
  }

  /** The next one takes the place of the present one. */
  #change(next: Next, isWhole: boolean): void {
    const before = this.#present;
    const tookMs = performance.now() - next.sinceMs;
    for (const stop of this.#stops) stop();
    next.gaps.expect(this.#cameras(next.engine));
    next.gaps.changed();
    this.#present = next.engine;
    this.#next = undefined;
    next.end.abort();
    this.#stops = this.#follow(this.#present);
    for (const watcher of this.#watchers) {
      watcher.stop();
      watcher.stop = this.#present.watch();
    }
    this.#carryLines();
    this.#tellAll(before);
    before.close();
    void this.#tellGaps(next, { from: before.kind, to: this.#present.kind, why: next.why, tookMs, isWhole });
  }

  async #tellGaps(next: Next, change: Omit<Switched, 'gaps'>): Promise<void> {
    const untilMs = performance.now() + GAP_LIMIT_MS;
    const isSeen = () => globalThis.document?.visibilityState === 'visible';
    while (
      !next.gaps.isComplete &&
      isSeen() &&
      performance.now() < untilMs &&
      this.#present === next.engine
    ) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      next.gaps.expect(this.#cameras(next.engine));
    }
    next.gaps.close();
    if (!this.#options.signal.aborted) this.#events.emit('switched', { ...change, gaps: next.gaps.gaps });
  }

  /** What is seen of each participant's camera: in a mix all are seen at once. */
  #cameras({ received, mix }: Engine): ReadonlyMap<PeerId, MediaStreamTrack> {
    const cameras = new Map<PeerId, MediaStreamTrack>();
    for (const [peer, { media, away }] of this.#options.room.members) {
      const track = mix?.tracks.camera ?? received.get(peer)?.camera;
      if (track && media.camera && !away) cameras.set(peer, track);
    }
    return cameras;
  }

  #tellAll(before: Engine): void {
    const { links, servers, received, mix, kind } = this.#present;
    this.#events.emit('kind', kind);
    this.#events.emit('switching', null);
    this.#events.emit('links', links);
    this.#events.emit('servers', servers);
    for (const peer of new Set([...before.received.keys(), ...received.keys()]))
      this.#events.emit('tracks', { peer, tracks: received.get(peer) ?? noTracks });
    if (mix || before.mix) this.#events.emit('mix', mix);
  }

  #follow(engine: Engine): (() => void)[] {
    const events = this.#events;
    return [
      engine.on('links', (links) => events.emit('links', links)),
      engine.on('tracks', (tracks) => events.emit('tracks', tracks)),
      engine.on('lines', () => this.#carryLines()),
      engine.on('servers', (servers) => {
        events.emit('servers', servers);
        this.#look(servers);
      }),
      engine.on('mix', (mix) => events.emit('mix', mix)),
      engine.on('table', (table) => events.emit('table', table)),
      engine.on('heard', (heard) => events.emit('heard', heard)),
    ];
  }

  #look(servers: readonly ServerLink[]): void {
    for (const { state } of servers)
      if (state.is === 'failed') return this.#events.emit('server-failed', state.error);
  }

  /** Each participant's line goes over whatever engines there are. */
  #carryLines(): void {
    const engines = [this.#present, ...(this.#next ? [this.#next.engine] : [])];
    const all = engines.map(({ lines }) => lines);
    const peers = new Set(all.flatMap((lines) => [...lines.keys()]));
    const isChanged = peers.size !== this.#steady.size || [...peers].some((peer) => !this.#steady.has(peer));
    for (const [peer, line] of this.#steady) {
      if (peers.has(peer)) continue;
      line.carry([]);
      this.#steady.delete(peer);
    }
    for (const peer of peers) {
      const line = this.#steady.get(peer) ?? new SteadyLine();
      this.#steady.set(peer, line);
      line.carry(all.flatMap((lines) => lines.get(peer) ?? []));
    }
    if (isChanged) this.#events.emit('lines', this.lines);
  }
}
