import { signal } from '@preact/signals';
import { PageId, RoomId, type MediaState, type Member, type PeerId } from '../../protocol/signaling.ts';
import { noTracks, type Link, type Tracks } from '../../rtc/meeting/engine.ts';
import { byArrival, Meeting } from '../../rtc/meeting/meeting.ts';
import { randomId } from '../../rtc/signaling/rendezvous.ts';
import type { RoomError, RoomState } from '../../rtc/signaling/room-client.ts';
import { Notices } from './notices.ts';

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

/** The prefix of a meeting's room: a lab's room has another one. */
export const roomOf = (mid: string): RoomId => RoomId.parse(`meet-${mid}`);

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
  readonly notices: Notices;
  readonly signal: AbortSignal;
  readonly #end = new AbortController();
  readonly #page = PageId.parse(randomId());

  constructor(mid: string) {
    this.mid = mid;
    this.signal = this.#end.signal;
    this.notices = new Notices(this.signal);
  }

  /** Takes a seat under a name. Refusals end up in {@link phase}, never here. */
  async join(name: string, tracks: Tracks, media: MediaState): Promise<void> {
    this.meeting.value?.close();
    const storage = sessionStore();
    const meeting = new Meeting({
      url: location.origin,
      room: roomOf(this.mid),
      page: this.#page,
      name,
      ...(storage && { storage }),
      signal: this.signal,
      tracks,
      media,
    });
    this.meeting.value = meeting;
    this.phase.value = { is: 'joining' };
    this.#follow(meeting);
    try {
      await meeting.join();
    } catch {
      // The state of the room has told it.
    }
  }

  /** What is sent from now on. */
  async send(tracks: Tracks, media: MediaState): Promise<void> {
    await this.meeting.value?.send(tracks, media);
  }

  /** Leaves; joining again is possible. */
  leave(): void {
    this.meeting.value?.close();
    this.meeting.value = null;
    this.phase.value = { is: 'over' };
    this.people.value = [];
    this.self.value = null;
  }

  /** Ends everything of this page. */
  close(): void {
    this.leave();
    this.#end.abort();
  }

  #follow(meeting: Meeting): void {
    const { room, engine } = meeting;
    const isPresent = () => this.meeting.value === meeting;
    const look = () => {
      if (!isPresent()) return;
      this.self.value = room.self ?? null;
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
      if (state.state === 'joined') this.phase.value = { is: 'in' };
      if (state.state === 'refused') {
        meeting.close();
        this.phase.value = { is: 'over', error: state.error };
      }
      look();
    });
    room.on('members', look);
    engine.on('links', look);
    engine.on('tracks', look);
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
