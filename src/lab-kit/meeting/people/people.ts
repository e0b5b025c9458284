import { effect, signal } from '@preact/signals';
import type { Lobby, Member, PeerId, Reaction } from '../../../protocol/signaling.ts';
import { Chat, type Said } from '../../../rtc/meeting/chat.ts';
import { Files } from '../../../rtc/meeting/files/files.ts';
import type { Transfer } from '../../../rtc/meeting/files/transfer.ts';
import type { Meeting } from '../../../rtc/meeting/meeting.ts';
import { RoomError } from '../../../rtc/signaling/room-client.ts';
import type { MeetingSession } from '../session.ts';
import { reactionWords, sizeWords } from './words.ts';

/** A reaction that is in sight. Another one of the same person takes its place. */
export interface ShownReaction {
  readonly id: number;
  readonly reaction: Reaction;
}

/** How long a reaction stays over a tile, in milliseconds. */
const REACTION_MS = 5_000;
/** Of a message, in a notice. Characters. */
const GIST = 80;

const noLobby: Lobby = { on: false, waiting: [] };
const all = new WeakMap<MeetingSession, People>();

/** What people do with each other in a session; one for each, whoever asks. It listens as long as the session lasts. */
export function peopleOf(session: MeetingSession): People {
  const known = all.get(session) ?? new People(session);
  all.set(session, known);
  return known;
}

/** Chat, files, hands, reactions and the lobby of a session, for its panels. */
export class People {
  readonly messages = signal<readonly Said[]>([]);
  readonly transfers = signal<readonly Transfer[]>([]);
  /** Messages and offers that came while the chat was not in sight. */
  readonly unread = signal(0);
  readonly reactions = signal<ReadonlyMap<PeerId, ShownReaction>>(new Map());
  readonly lobby = signal<Lobby>(noLobby);
  readonly chat = signal<Chat | null>(null);
  readonly files = signal<Files | null>(null);
  readonly #session: MeetingSession;
  #stay = new AbortController();
  #reactions = 0;
  /** What takes back the notice of somebody who waits. */
  readonly #knocks = new Map<PeerId, () => void>();

  constructor(session: MeetingSession) {
    this.#session = session;
    const stop = effect(() => this.#follow(session.meeting.value));
    const stopReading = effect(() => {
      if (session.view.panel.value === 'chat') this.unread.value = 0;
    });
    session.signal.addEventListener(
      'abort',
      () => {
        stop();
        stopReading();
        this.#stay.abort();
      },
      { once: true },
    );
  }

  /** How somebody is called, in this meeting or when they were here. */
  nameOf(peer: PeerId): string {
    const { self, people } = this.#session;
    if (self.value?.peer === peer) return 'you';
    return people.value.find((person) => person.peer === peer)?.member.name ?? 'somebody who has left';
  }

  /** Does something that the server may refuse, and tells why. */
  async attempt(act: () => Promise<unknown> | void): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#session.notices.tell(error instanceof RoomError ? error.help : String(error), {
        urgency: 'assertive',
      });
    }
  }

  toggleHand(): void {
    const { self, meeting } = this.#session;
    meeting.value?.room.raiseHand(self.value?.handAtMs === null);
  }

  react(reaction: Reaction): void {
    const room = this.#session.meeting.value?.room;
    if (room) void this.attempt(() => room.react(reaction));
  }

  #follow(meeting: Meeting | null): void {
    this.#stay.abort();
    const stay = new AbortController();
    this.#stay = stay;
    this.messages.value = [];
    this.transfers.value = [];
    this.reactions.value = new Map();
    this.unread.value = 0;
    this.lobby.value = noLobby;
    this.chat.value = null;
    this.files.value = null;
    if (!meeting) return;
    const { room, engine } = meeting;
    const chat = new Chat({ room, engine, signal: stay.signal });
    const files = new Files({ engine, signal: stay.signal });
    this.chat.value = chat;
    this.files.value = files;
    const { notices, media } = this.#session;
    const offs = [
      chat.on('messages', (messages) => (this.messages.value = messages)),
      chat.on('heard', ({ name, text }) => this.#news(`${name}: ${gist(text)}`)),
      files.on('transfers', (transfers) => (this.transfers.value = transfers)),
      files.on('offered', ({ peer, name, sizeBytes }) =>
        this.#news(`${this.nameOf(peer)} offers you a file: ${gist(name)}, ${sizeWords(sizeBytes)}.`),
      ),
      room.on('reacted', ({ peer, reaction }) => this.#show(peer, reaction, stay.signal)),
      room.on('lobby', (lobby) => this.#knock(meeting, lobby)),
      room.on('state', () => {
        this.lobby.value = room.lobby;
      }),
      room.on('changed', ({ member, before }) => this.#tellChange(member, before)),
      room.on('muted-by-host', ({ by }) => {
        if (media.state.microphone.is !== 'on') return;
        media.mute(true);
        notices.tell(`${this.nameOf(by)}, the host, has muted you.`, {
          urgency: 'assertive',
          action: { label: 'Unmute', act: () => media.mute(false) },
        });
      }),
    ];
    stay.signal.addEventListener(
      'abort',
      () => {
        for (const off of offs) off();
        for (const withdraw of this.#knocks.values()) withdraw();
        this.#knocks.clear();
      },
      { once: true },
    );
  }

  /** Tells what came, unless the chat is in sight: there it is read out by itself. */
  #news(sentence: string): void {
    const { view, notices } = this.#session;
    if (view.panel.peek() === 'chat') return;
    this.unread.value += 1;
    notices.tell(sentence, { action: { label: 'Open the chat', act: () => (view.panel.value = 'chat') } });
  }

  #show(peer: PeerId, reaction: Reaction, signal: AbortSignal): void {
    const id = ++this.#reactions;
    this.reactions.value = new Map(this.reactions.value).set(peer, { id, reaction });
    const timer = setTimeout(() => {
      if (this.reactions.value.get(peer)?.id !== id) return;
      const rest = new Map(this.reactions.value);
      rest.delete(peer);
      this.reactions.value = rest;
    }, REACTION_MS);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  /** The host hears who waits, and can let them in from where they are. */
  #knock({ room }: Meeting, lobby: Lobby): void {
    this.lobby.value = lobby;
    const waiting = new Map(lobby.waiting.map((one) => [one.peer, one.name]));
    for (const [peer, withdraw] of this.#knocks) {
      if (waiting.has(peer)) continue;
      withdraw();
      this.#knocks.delete(peer);
    }
    for (const [peer, name] of waiting) {
      if (this.#knocks.has(peer)) continue;
      const withdraw = this.#session.notices.tell(`${name} waits in the lobby.`, {
        stays: true,
        action: { label: `Let ${name} in`, act: () => void this.attempt(() => room.admit(peer)) },
      });
      this.#knocks.set(peer, withdraw);
    }
  }

  #tellChange(member: Member, before: Member): void {
    const { notices, self } = this.#session;
    const isSelf = member.peer === self.value?.peer;
    if (member.name !== before.name && !isSelf) notices.tell(`${before.name} is now called ${member.name}.`);
    if (member.role === 'host' && before.role !== 'host')
      notices.tell(isSelf ? 'You are the host now.' : `${member.name} is the host now.`);
    const { handAtMs } = member;
    if (handAtMs !== null && before.handAtMs === null)
      notices.tell(isSelf ? 'Your hand is up.' : `${member.name} has a hand up.`);
    if (handAtMs === null && before.handAtMs !== null && isSelf) notices.tell('Your hand is down.');
  }
}

const gist = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > GIST ? `${line.slice(0, GIST - 1)}…` : line;
};

/** What is read out of the reactions that are in sight. */
export function reactionsInWords(people: People): string {
  return [...people.reactions.value]
    .map(([peer, { reaction }]) => `${people.nameOf(peer)}: ${reactionWords[reaction].words}`)
    .join('. ');
}
