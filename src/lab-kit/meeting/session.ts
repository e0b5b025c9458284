import { signal } from '@preact/signals';
import type { ForwardTable, Topology } from '../../protocol/middlebox.ts';
import {
  PageId,
  RoomId,
  type MediaState,
  type Member,
  type PeerId,
  type Routing,
  type TopologyReason,
} from '../../protocol/signaling.ts';
import type { DeviceSource } from '../../rtc/media/media-devices.ts';
import type { MeasuredBill } from '../../rtc/meeting/compare.ts';
import { noTracks, type Link, type Mix, type ServerLink, type Tracks } from '../../rtc/meeting/engine.ts';
import { byArrival, Meeting } from '../../rtc/meeting/meeting.ts';
import { layouts, type Layout } from '../../rtc/meeting/media/grid.ts';
import { LocalMedia } from '../../rtc/meeting/media/local-media.ts';
import {
  ActiveSpeaker,
  heardThrough,
  readLevels,
  speakingToo,
  type Speaking,
} from '../../rtc/meeting/media/speaking.ts';
import type { Switched } from '../../rtc/meeting/switching.ts';
import { randomId } from '../../rtc/signaling/rendezvous.ts';
import type { RoomError, RoomState } from '../../rtc/signaling/room-client.ts';
import { ROOM_PREFIX } from './address.ts';
import { announce } from './announce.ts';
import { tellDisturbances } from './disturbances.ts';
import { Notices } from './notices.ts';
import { tilesOf } from './tiles.ts';
import { StageView } from './view.ts';

/** One of the others, as the page shows them. */
export interface Person {
  readonly peer: PeerId;
  readonly member: Member;
  /** What is received from them. A track is always there; `member.media` says whether something is sent on it. */
  readonly tracks: Tracks;
  /** The connection to them; undefined for a moment after they came, and where no connection is needed. */
  readonly link: Link | undefined;
}

/**
 * `joining` takes as long as the server cannot be reached; `lobby` until the host opens; `over` says why.
 */
export type Phase =
  | { readonly is: 'before' }
  | { readonly is: 'joining'; readonly why?: string }
  | { readonly is: 'lobby' }
  | { readonly is: 'in' }
  | { readonly is: 'over'; readonly error?: RoomError };

export const roomOf = (mid: string): RoomId => RoomId.parse(ROOM_PREFIX + mid);

const direct = { topology: 'mesh', auto: false, why: null } as const;
const silence: Speaking<PeerId> = { speaking: new Set(), active: null };

/** A meeting as this page sees it: what its components read, and what they do. */
export class MeetingSession {
  /** The id of the meeting, from the address. */
  readonly mid: string;
  readonly phase = signal<Phase>({ is: 'before' });
  /** Ourselves, as the server knows us; null before we are in. */
  readonly self = signal<Member | null>(null);
  /** The others, by when they came. */
  readonly people = signal<readonly Person[]>([]);
  /** Where the line to the server stands. */
  readonly room = signal<RoomState>({ state: 'idle' });
  /** The meeting that goes on, for panels that look into it. */
  readonly meeting = signal<Meeting | null>(null);
  /** How the media are to travel, and why: a moment before they do. */
  readonly routing = signal<Routing & { readonly why: TopologyReason | null }>(direct);
  /** The last change of it that has come to its end here. */
  readonly switched = signal<Switched | null>(null);
  /** What the server offers. */
  readonly offered = signal<readonly Topology[]>(['mesh']);
  /** How the media travel now. */
  readonly topology = signal<Topology>('mesh');
  /** The connections to an SFU or MCU: up and down. */
  readonly servers = signal<readonly ServerLink[]>([]);
  /** What an MCU makes of everybody. */
  readonly mix = signal<Mix | null>(null);
  /** Who is sent what, by the server's own account; as long as somebody {@link watch}es. */
  readonly table = signal<ForwardTable | null>(null);
  /** What each topology cost here when it was in use last, in this meeting. */
  readonly bills = signal<ReadonlyMap<Topology, MeasuredBill>>(new Map());
  /** What this participant sends, from the preview on. */
  readonly media: LocalMedia;
  readonly local;
  /** A copy of what is seen and heard here is being kept; the others are told. */
  readonly recording = signal(false);
  /** Who speaks, ourselves included. */
  readonly speaking = signal<Speaking<PeerId>>(silence);
  readonly notices: Notices;
  readonly view = new StageView();
  readonly signal: AbortSignal;
  readonly #end = new AbortController();
  readonly #page = PageId.parse(randomId());
  #stay = new AbortController();
  #withdrawLayout = () => {};

  /** @param source what is asked for devices; the browser's own when left out */
  constructor(mid: string, source?: DeviceSource) {
    this.mid = mid;
    this.signal = this.#end.signal;
    this.notices = new Notices(this.signal);
    this.media = new LocalMedia({ name: 'you', signal: this.signal, source });
    this.local = signal(this.media.state);
    this.media.on('change', (state) => {
      this.local.value = state;
      this.#tell();
    });
    const stop = this.recording.subscribe(() => this.#tell());
    this.signal.addEventListener('abort', stop, { once: true });
    this.media.on('notice', (sentence) => void this.notices.tell(sentence));
    this.media.on('muted-speech', () => {
      if (this.phase.value.is !== 'in') return;
      this.notices.tell('You are muted: nobody hears what you say.', {
        action: { label: 'Unmute', act: () => this.media.mute(false) },
      });
    });
  }

  /** Takes a seat under a name. Refusals end up in {@link phase}, never here. */
  async join(name: string): Promise<void> {
    this.#depart();
    this.phase.value = { is: 'joining' };
    await this.media.rename(name);
    const storage = sessionStore();
    const stay = new AbortController();
    this.#stay = stay;
    const meeting = new Meeting({
      url: location.origin,
      room: roomOf(this.mid),
      page: this.#page,
      name,
      ...(storage && { storage }),
      signal: AbortSignal.any([this.signal, stay.signal]),
      tracks: this.media.tracks,
      media: this.#told(),
    });
    this.meeting.value = meeting;
    this.#follow(meeting, stay.signal);
    try {
      await meeting.join();
    } catch {
      // The state of the room has told it.
    }
  }

  /** Leaves, and lets go of camera and microphone; joining again is possible. */
  leave(): void {
    this.#depart();
    this.#letGo();
    this.phase.value = { is: 'over' };
  }

  /** To the preview again, with what was open before. */
  async prepare(): Promise<void> {
    this.phase.value = { is: 'before' };
    const { microphone, camera } = this.media.state;
    if (microphone.origin && microphone.is === 'off') await this.media.toggleMicrophone();
    if (camera.origin && camera.is === 'off') await this.media.toggleCamera();
  }

  setLayout(layout: Layout): void {
    const { people, self } = this;
    const tiles = tilesOf({ people: people.value, self: self.value, hidesSelf: false });
    this.view.choose(
      layout,
      tiles.filter(({ of }) => of === 'screen').map(({ key }) => key),
    );
  }

  /** Asks for the {@link table}, until what is returned is called. */
  watch(): () => void {
    return this.meeting.value?.engine.watch() ?? (() => {});
  }

  nextLayout(): void {
    const next = layouts[(layouts.indexOf(this.view.layout.value) + 1) % layouts.length] ?? 'grid';
    this.setLayout(next);
    this.#withdrawLayout();
    this.#withdrawLayout = this.notices.tell(`Layout: ${next}.`);
  }

  /** Stops waiting for the server or for the host. */
  giveUp(): void {
    this.#depart();
    this.phase.value = { is: 'before' };
  }

  /** Ends everything of this page. */
  close(): void {
    this.#depart();
    this.#end.abort();
  }

  #tell(): void {
    void this.meeting.value?.send(this.media.tracks, this.#told());
  }

  /** What the others are told of what is sent. */
  #told(): MediaState {
    const { microphone, camera, screen } = this.media.state;
    return {
      muted: microphone.is !== 'on',
      camera: camera.is === 'on',
      screen: screen.is === 'on',
      recording: this.recording.peek(),
    };
  }

  #depart(): void {
    this.meeting.value?.close();
    this.meeting.value = null;
    this.#stay.abort();
    this.people.value = [];
    this.self.value = null;
    this.speaking.value = silence;
    this.topology.value = 'mesh';
    this.routing.value = direct;
    this.switched.value = null;
    this.servers.value = [];
    this.mix.value = null;
    this.table.value = null;
  }

  /** The lights of the devices go out. */
  #letGo(): void {
    this.media.stopScreen();
    this.media.closeCamera();
    this.media.closeMicrophone();
  }

  #follow(meeting: Meeting, stay: AbortSignal): void {
    const { room, engine } = meeting;
    const isPresent = () => this.meeting.value === meeting;
    const look = () => {
      if (!isPresent()) return;
      this.self.value = room.self ?? null;
      this.topology.value = engine.kind;
      const { topology, auto } = room.routing;
      const { value: before } = this.routing;
      if (before.topology !== topology || before.auto !== auto)
        this.routing.value = { topology, auto, why: null };
      this.offered.value = room.topologies;
      this.servers.value = engine.servers.slice();
      this.mix.value = engine.mix;
      if (engine.kind === 'mesh') this.table.value = null;
      const links = engine.links;
      const received = engine.received;
      this.people.value = byArrival(room.members).map((member) => ({
        peer: member.peer,
        member,
        tracks: received.get(member.peer) ?? noTracks,
        link: links.get(member.peer),
      }));
    };
    room.on('state', (state) => {
      if (!isPresent()) return;
      this.room.value = state;
      if (state.state === 'connecting')
        this.phase.value = { is: 'joining', ...(state.why && { why: state.why }) };
      look();
      if (state.state === 'waiting') this.phase.value = { is: 'lobby' };
      if (state.state === 'joined') this.phase.value = { is: 'in' };
      if (state.state === 'refused') {
        this.#depart();
        this.#letGo();
        this.phase.value = { is: 'over', error: state.error };
      }
    });
    room.on('members', look);
    room.on('routing', (routing) => {
      if (isPresent()) this.routing.value = routing;
    });
    for (const event of ['links', 'tracks', 'servers', 'mix'] as const) engine.on(event, look);
    engine.on('table', (table) => {
      if (isPresent() && engine.kind !== 'mesh') this.table.value = table;
    });
    announce(this, meeting, stay);
    tellDisturbances(this, meeting, stay);
    this.#listen(meeting, stay);
  }

  /** Who speaks, several times a second. */
  #listen({ room, engine }: Meeting, stay: AbortSignal): void {
    const stage = new ActiveSpeaker<PeerId>();
    /** Of a mix, which has one sound for all, the server tells who is in it. */
    let told: readonly PeerId[] = [];
    engine.on('heard', (loudest) => (told = loudest));
    const heard = () => {
      const all = new Map<PeerId, { track: MediaStreamTrack; receiver?: RTCRtpReceiver | undefined }>();
      for (const [peer, sound] of heardThrough(engine))
        if (room.members.get(peer)?.media.muted === false) all.set(peer, sound);
      const { microphone } = this.media.tracks;
      if (room.self && microphone) all.set(room.self.peer, { track: microphone });
      return all;
    };
    readLevels(
      heard,
      (levels, atMs) => {
        const heardHere = stage.take(levels, atMs);
        this.speaking.value = engine.mix ? speakingToo(this.speaking.peek(), heardHere, told) : heardHere;
      },
      stay,
    );
  }
}

/** Undefined where the browser forbids storage: then a reload makes a new participant. */
function sessionStore(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}
