import {
  type ChatMessage,
  Epoch,
  type EventPayload,
  limits,
  type Lobby,
  type MediaState,
  type Member,
  type PeerId,
  type RoomId,
  type Routing,
  type Snapshot,
} from '../../src/protocol/signaling.ts';
import type { Bucket } from './bucket.ts';
import type { RoomKind, Session } from './sessions.ts';

export const SILENT: MediaState = { muted: false, camera: false, screen: false, recording: false };

/** How many signals are kept for one receiver, and how many characters of them. */
export const INBOX_LENGTH = 128;
export const INBOX_CHARACTERS = 4 * limits.sdpLength;

export type Received = EventPayload<'signal:received'>;

export interface Seat<C> {
  readonly room: Room<C>;
  member: Member;
  /** False: in the lobby. It is then no member to anybody. */
  admitted: boolean;
  connection: C | undefined;
  awaySinceMs: number;
  /** How good its right to be host is, while the true one may still return; see {@link claimOf}. */
  readonly claim: number;
  /** Who asked this bot in. */
  readonly invitedBy: PeerId | undefined;
  /** Who has asked this member, while it was away, to mute itself. */
  mutedBy: PeerId | undefined;
  readonly reactions: Bucket;
  /** The last sequence number this page has sent to each receiver. */
  readonly sent: Map<PeerId, number>;
  /** Signals of the last moments, kept in case that the connection they went to was already dead. */
  readonly inbox: { atMs: number; characters: number; received: Received }[];
  inboxCharacters: number;
}

export interface Room<C> {
  readonly id: RoomId;
  readonly kind: RoomKind;
  readonly openedAtMs: number;
  version: number;
  /** In the order in which they came. */
  readonly seats: Map<PeerId, Seat<C>>;
  readonly lobby: Map<PeerId, Seat<C>>;
  lobbyOn: boolean;
  /** Of a meeting with a member in it: one of them. */
  host: Seat<C> | undefined;
  /** When that one became host, in milliseconds; a {@link claimOf} of less while the true one may still return. */
  hostSinceMs: number;
  readonly chat: ChatMessage[];
  routing: Routing;
  /** In milliseconds; 0: never changed. */
  routingSinceMs: number;
  /** Since when so few are left that a server in the middle is not worth it. */
  fewSinceMs: number | undefined;
}

/** Of somebody who was in the room before a restart of the server, and was not host. */
const PROVEN = 1;

/** The right to be host after a restart: whoever became host last has the best; then those who were there; then newcomers. */
export function claimOf(session: Session | undefined): number {
  if (!session?.admitted) return 0;
  return Math.max(PROVEN, session.hostSinceMs);
}

/** Whether the host is so only until a better claim comes. */
export function isProvisional({ hostSinceMs }: Room<unknown>): boolean {
  return hostSinceMs <= PROVEN;
}

/** Greater than the last one, also across a restart: time goes on while the server is away. */
export function nextEpoch(last: number, nowMs: number): Epoch {
  return Epoch.parse(Math.max(last + 1, Math.floor(nowMs)));
}

/** The room as that seat may see it: the lobby shows nobody, and who waits is for the host alone. */
export function snapshotFor<C>(seat: Seat<C>): Snapshot {
  const { room } = seat;
  if (!seat.admitted)
    return {
      version: 0,
      members: [seat.member],
      chat: [],
      lobby: { on: room.lobbyOn, waiting: [] },
      ...room.routing,
    };
  return {
    version: room.version,
    members: [...room.seats.values()].map(({ member }) => member),
    chat: [...room.chat],
    lobby: lobbyFor(seat),
    ...room.routing,
  };
}

export function lobbyFor<C>(seat: Seat<C>): Lobby {
  const { lobbyOn, lobby, host } = seat.room;
  const waiting = [...lobby.values()].map(({ member: { peer, name, joinedAtMs } }) => ({
    peer,
    name,
    sinceMs: joinedAtMs,
  }));
  return { on: lobbyOn, waiting: seat === host ? waiting : [] };
}

export function present<C>(room: Room<C>, except?: Seat<C>): C[] {
  const connections: C[] = [];
  for (const seat of room.seats.values())
    if (seat.connection !== undefined && seat !== except) connections.push(seat.connection);
  return connections;
}

export function others<C>(seat: Seat<C>): C[] {
  return present(seat.room, seat);
}

/** Who is host after this one: the person who has been there longest, of those who are there if there are any. */
export function successorOf<C>(host: Seat<C>): Seat<C> | undefined {
  const people = [...host.room.seats.values()]
    .filter((seat) => seat !== host && !seat.member.bot)
    .toSorted((a, b) => a.member.joinedAtMs - b.member.joinedAtMs);
  return people.find(({ member }) => !member.away) ?? people[0];
}

/** @param isNumbered with the lowest number that no bot of the room has */
export function nameOfBot<C>({ seats }: Room<C>, isNumbered: boolean): string {
  if (!isNumbered) return 'Bot';
  const names = new Set(
    [...seats.values()].filter(({ member }) => member.bot).map(({ member }) => member.name),
  );
  let number = 1;
  while (names.has(`Bot ${number}`)) number++;
  return `Bot ${number}`;
}

export function dropOldest<C>(seat: Seat<C>, count: number): void {
  for (const { characters } of seat.inbox.splice(0, count)) seat.inboxCharacters -= characters;
}

export function length({ signal }: Received): number {
  return 'description' in signal ? signal.description.sdp.length : (signal.candidate?.candidate?.length ?? 0);
}
