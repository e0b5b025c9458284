/**
 * What crosses the signaling wire: every request with its answer, every event, every error code.
 *
 * Client and server read this one table and both parse what they receive with it. Strings are bounded,
 * unknown keys are refused, ids are branded: `RoomId.parse(…)` is the one way to get a `RoomId`.
 */
import * as z from 'zod';
import { broadcastRequests } from './broadcast.ts';
import { idText, limits, PeerId } from './ids.ts';
import { forwardEvents, forwardRequests } from './forward.ts';
import { MiddleboxKind, middleboxEvents, middleboxRequests, topologies, Topology } from './middlebox.ts';
import { WireAllocations, WireClaim, WireMessages } from './wire.ts';
import { ImpairedEnd } from './impairment.ts';

export { limits, PeerId };

/** A room, chosen by people: it is part of the link they share. */
export const RoomId = idText.brand<'RoomId'>();
export type RoomId = z.infer<typeof RoomId>;

/** The letters of a room code: those that nobody confuses, read aloud or on a projector. */
export const codeLetters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** A short name of a room, made by the server, for people to type: it leads to the lab and the room. */
export const RoomCode = z
  .string()
  .regex(new RegExp(`^[${codeLetters}]{6}$`), 'a code is 6 letters and digits, without 0, 1, I, L and O')
  .brand<'RoomCode'>();
export type RoomCode = z.infer<typeof RoomCode>;

/** The page on which a room meets: a lab, how its peers are spread, and its choices. The page that reads it checks it. */
export const Place = z.strictObject({
  lab: idText,
  arrangement: idText,
  controls: z
    .record(idText, idText)
    .refine((controls) => Object.keys(controls).length <= 16, 'too many choices'),
});
export type Place = z.infer<typeof Place>;

/** One load of a page, made by the page. A new one means that its old `RTCPeerConnection` is gone. */
export const PageId = idText.brand<'PageId'>();
export type PageId = z.infer<typeof PageId>;

/** One signaling connection of a participant. A later connection always has a greater epoch. */
export const Epoch = z.int().min(1).brand<'Epoch'>();
export type Epoch = z.infer<typeof Epoch>;

/** One start of the server: another value means that it was restarted. */
export const ServerId = idText.brand<'ServerId'>();
export type ServerId = z.infer<typeof ServerId>;

/** A chat message, made by its sender, so that one sent twice appears once. */
export const MessageId = idText.brand<'MessageId'>();
export type MessageId = z.infer<typeof MessageId>;

/** Proof of a seat, signed by the server. To everybody else it is an opaque string. */
export const SessionToken = z.string().min(1).max(limits.sessionLength).brand<'SessionToken'>();
export type SessionToken = z.infer<typeof SessionToken>;

/**
 * A display name: text for people, never an id and never markup. The page that shows it escapes it.
 *
 * Control characters and the marks that reverse the reading direction are refused: they let a name
 * disguise itself as another.
 */
export const DisplayName = z
  .string()
  .trim()
  .min(1)
  .max(limits.nameLength)
  .regex(/^[^\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]*$/u, 'a name holds no control characters');

const ChatText = z.string().min(1).max(limits.chatLength);
const Time = z.int().min(0);
const Version = z.int().min(0);

/**
 * What a participant sends at the moment; a statement for the others' eyes, not a permission. `recording`: it keeps a
 * copy of what it sees and hears.
 */
export const MediaState = z.strictObject({
  muted: z.boolean(),
  camera: z.boolean(),
  screen: z.boolean(),
  recording: z.boolean(),
});
export type MediaState = z.infer<typeof MediaState>;

/** What a room is for. Its first member decides; one that says nothing is a lab's. */
export const RoomKind = z.enum(['meeting']);

/** A meeting has one host; a lab has none, there everybody is a guest. */
export const Role = z.enum(['host', 'guest']);
export type Role = z.infer<typeof Role>;

/** What can be said in a meeting without a word. The page that shows one chooses its picture and says it in words. */
export const Reaction = z.enum(['thumbs-up', 'clap', 'heart', 'laugh', 'surprise', 'party', 'yes', 'no']);
export type Reaction = z.infer<typeof Reaction>;

/** One seat of a room. `away`: its connection is gone, its seat is kept for the grace period. */
export const Member = z.strictObject({
  peer: PeerId,
  epoch: Epoch,
  page: PageId,
  name: DisplayName,
  /** Not a person but a bot of this server, which answers offers and never makes one. */
  bot: z.boolean(),
  away: z.boolean(),
  role: Role,
  /** Since when its hand is up: the order in which hands are seen to. Null: it is down. */
  handAtMs: Time.nullable(),
  media: MediaState,
  /** Kept over a restart of the server. */
  joinedAtMs: Time,
});
export type Member = z.infer<typeof Member>;

export const ChatMessage = z.strictObject({
  id: MessageId,
  from: PeerId,
  name: DisplayName,
  text: ChatText,
  atMs: Time,
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/** Somebody who waits to be let in. */
export const Waiting = z.strictObject({ peer: PeerId, name: DisplayName, sinceMs: Time });
export type Waiting = z.infer<typeof Waiting>;

/** The room in front of a meeting. Only the host is told who waits there. */
const lobby = { on: z.boolean(), waiting: z.array(Waiting).max(limits.waiting) };
export const Lobby = z.strictObject(lobby);
export type Lobby = z.infer<typeof Lobby>;

/**
 * How the media of a meeting travel, and whether the server may change that by itself: to the SFU when a mesh costs a
 * page too much, back to a mesh when few are left. A lab's is a mesh and stays one.
 */
const routing = { topology: Topology, auto: z.boolean() };
export const Routing = z.strictObject(routing);
export type Routing = z.infer<typeof Routing>;

/** Why the topology is another one. `unavailable`: the server in the middle is not there, or has no seats left. */
export const TopologyReason = z.enum(['host', 'strain', 'few', 'unavailable']);
export type TopologyReason = z.infer<typeof TopologyReason>;

/**
 * The whole room at one `version`. Each roster event carries the version after it: a client that sees a
 * number missing asks `room:sync`.
 */
export const Snapshot = z.strictObject({
  version: Version,
  members: z.array(Member),
  chat: z.array(ChatMessage),
  lobby: Lobby,
  ...routing,
});
export type Snapshot = z.infer<typeof Snapshot>;

/** As `RTCSessionDescription.toJSON()` gives it; a rollback's `sdp` is empty. */
export const Description = z.strictObject({
  type: z.enum(['offer', 'answer', 'pranswer', 'rollback']),
  sdp: z.string().max(limits.sdpLength),
});
export type Description = z.infer<typeof Description>;

/** As `RTCIceCandidate.toJSON()` gives it; `candidate: ''` ends one generation of candidates. */
export const Candidate = z.strictObject({
  candidate: z.exactOptional(z.string().max(limits.candidateLength)),
  sdpMid: z.exactOptional(z.string().max(64).nullable()),
  sdpMLineIndex: z.exactOptional(z.int().min(0).max(65_535).nullable()),
  usernameFragment: z.exactOptional(z.string().max(256).nullable()),
});
export type Candidate = z.infer<typeof Candidate>;

/** What two peers tell each other: a description, a candidate, or `null` for the end of all candidates. */
export const Signal = z.union([
  // Tried in this order: most signals are candidates.
  z.strictObject({ candidate: Candidate.nullable() }),
  z.strictObject({ description: Description }),
]);
export type Signal = z.infer<typeof Signal>;

/** As the dictionary of `RTCConfiguration`, its fields bounded. */
export const IceServer = z.strictObject({
  urls: z.array(z.string().max(300)).min(1).max(16),
  username: z.exactOptional(z.string().max(200)),
  credential: z.exactOptional(z.string().max(200)),
});
export type IceServer = z.infer<typeof IceServer>;

/** Through what a page's packets are to go: straight, through the NAT in this room, or through it with nothing let in. */
export const IcePath = z.enum(['direct', 'nat', 'nat-blocked']);
export type IcePath = z.infer<typeof IcePath>;

/** A STUN message of 548 bytes at most, in base64: no larger one is sent where nothing is known of the path. */
const Datagram = z
  .string()
  .max(732)
  .regex(/^[A-Za-z0-9+/]*={0,2}$/, 'bytes are base64');

const errorCodes = [
  'bad-request',
  'too-large',
  'unknown-request',
  'not-in-room',
  'already-in-room',
  'no-such-peer',
  'peer-away',
  'stale-epoch',
  'stale-page',
  'room-full',
  'too-many-rooms',
  'too-many-connections',
  'rate-limited',
  'taken-over',
  'bot-unavailable',
  'bots-busy',
  'bot-present',
  'too-many-bots',
  'other-kind',
  'in-lobby',
  'not-host',
  'turned-away',
  'removed',
  'no-such-code',
  'turn-unavailable',
  'classroom-unavailable',
  'classroom-busy',
  'bad-description',
  'middlebox-full',
  'middlebox-unavailable',
  'internal',
] as const;

/** Why the server says no. */
export const ErrorCode = z.enum(errorCodes);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** One sentence for a person for each code: a new code without help does not compile. */
export const help: Readonly<Record<ErrorCode, string>> = {
  'bad-request': 'The message is not what the protocol asks for: compare it with src/protocol/signaling.ts.',
  'too-large':
    'The message is longer than the server accepts; an SDP may have 64 kB, a chat message 2 000 characters.',
  'unknown-request': 'The server knows no request of that name.',
  'not-in-room': 'Join a room first: send room:join.',
  'already-in-room':
    'This connection already sits in a room: leave it with room:leave, or open another connection.',
  'no-such-peer': 'Nobody with that id is in your room; they may have left.',
  'peer-away':
    'That peer has lost its connection and still holds its seat: wait for peer:back, then send again.',
  'stale-epoch': 'That peer has reconnected since: read its new epoch from peer:back.',
  'stale-page': 'That peer has reloaded its page, its RTCPeerConnection is gone: start a new negotiation.',
  'room-full': 'All seats of this room are taken: choose another room name, or ask somebody to leave.',
  'too-many-rooms': 'The server holds as many rooms as it is configured for: try again later.',
  'too-many-connections': 'Too many connections come from your address: close other tabs and try again.',
  'rate-limited': 'Too many messages in a short time: wait a second, then send again.',
  'taken-over': 'The same participant joined from another tab, which goes on in place of this one.',
  'bot-unavailable':
    'This server has no bot: it is turned off (BOTS=0) or could not be loaded. Call another tab or device instead.',
  'bots-busy':
    'All bots of this server are in a call: try again when somebody has ended theirs, or call another tab.',
  'bot-present': 'A bot sits in this room already: make it an offer.',
  'too-many-bots': 'As many bots sit in this meeting as may: send one away, then invite another.',
  'other-kind':
    'This is a room of another kind. A lab and a meeting do not share one, and a lab has no host, no lobby and no hands: choose another name.',
  'in-lobby': 'You are in the lobby: wait until the host lets you in.',
  'not-host': 'Only the host of the meeting may do that: ask them, or ask to be made host.',
  'turned-away': 'You were not let in: ask whoever sent you the link, then knock again.',
  removed: 'The host has ended your part in this meeting: ask them, then join again.',
  'no-such-code':
    'Nobody waits under this code: it was mistyped, or the call is over. Read it again from the other screen.',
  'turn-unavailable':
    'This server could not open its STUN and TURN ports, or has no way of that kind; its log and /healthz say what failed.',
  'classroom-unavailable':
    'This server runs no code of its visitors: it does so by itself only where nobody else reaches it. Whoever started it can allow it with CLASSROOM=on.',
  'classroom-busy': 'As many learners’ servers run here as may at a time: try again in a minute.',
  'bad-description':
    'The server in the middle cannot read this description or agree to it: an offer up has an m-section for each source, and an answer down fits the last offer.',
  'middlebox-full':
    'The server in the middle has no seat left for this room: fewer people have to take part, or the meeting goes on in another topology.',
  'middlebox-unavailable':
    'This server does not forward or mix media: that part is turned off, or could not be started; its log and /healthz say which. A mesh needs no server in the middle.',
  internal: 'The server failed at something it should be able to do; its log says what.',
};

/** What a page measures of its mesh when that is too much. Rates are means of the last seconds. */
export const Strain = z.strictObject({
  /** Connections that were measured. */
  links: z.int().min(1).max(256),
  /** Time in encoders per second, of all links: 1 is one core. */
  encodeShare: z.number().min(0).max(256),
  /** Bits per second. */
  upstreamBps: z.number().min(0).max(1e11),
});
export type Strain = z.infer<typeof Strain>;

/** The one shape of a refusal. `message` says what was wrong this time, `help[code]` what to do. */
export const WireError = z.strictObject({ code: ErrorCode, message: z.string().max(500) });
export type WireError = z.infer<typeof WireError>;

/** Every request: what it sends, what it is answered. */
export const requests = {
  /** Take a seat, or return to it with the session token of an earlier answer. */
  'room:join': {
    payload: z.strictObject({
      room: RoomId,
      page: PageId,
      name: z.exactOptional(DisplayName),
      kind: z.exactOptional(RoomKind),
      session: z.exactOptional(SessionToken),
    }),
    answer: z.strictObject({
      self: Member,
      session: SessionToken,
      /** False: the host decides. Until `room:admitted` comes the snapshot shows nobody but oneself. */
      admitted: z.boolean(),
      /** False: this is a new participant, whatever calls the old one had are over. */
      resumed: z.boolean(),
      server: ServerId,
      /** How long participants from before a restart of the server may still return, 0 when that is over. */
      restoringMs: Time,
      /** How long the seat of a lost connection is kept. */
      graceMs: Time,
      /** Seats of a room. */
      seats: z.int().min(1),
      /** What this server offers besides a mesh. */
      topologies: z.array(Topology).max(topologies.length),
      /** How many requests this connection may send: `burst` at once, `perSec` in the long run. */
      rate: z.strictObject({ burst: z.int().min(1), perSec: z.int().min(1) }),
      snapshot: Snapshot,
    }),
  },
  /** Give the seat back; the others are told at once. */
  'room:leave': { payload: z.strictObject({}), answer: z.null() },
  /** Read the whole room again. */
  'room:sync': { payload: z.strictObject({}), answer: Snapshot },
  /** Send to one other member of the room. The server adds who sent it. */
  'signal:send': {
    payload: z.strictObject({
      to: PeerId,
      /** Refused with stale-epoch unless the receiver's connection is still this one. */
      toEpoch: z.exactOptional(Epoch),
      /** Refused with stale-page unless the receiver's page is still this one. */
      toPage: z.exactOptional(PageId),
      /**
       * Counts what this page sends to that peer. A number not above the last one is a repetition of
       * something already relayed: answered, not relayed again. Left out, the server counts.
       */
      sequence: z.exactOptional(z.int().min(1)),
      signal: Signal,
    }),
    answer: z.null(),
  },
  /** Say something to the room. The same `id` sent again is answered as the first time. */
  'chat:send': {
    payload: z.strictObject({ text: ChatText, id: z.exactOptional(MessageId) }),
    answer: z.strictObject({ id: MessageId, atMs: Time }),
  },
  /**
   * Ask bots of the server into one's room. Into a lab's: one that answers offers, or with `for` several that send to that
   * server in the middle and answer none. Into a meeting: several, which follow its topology. They leave with the last
   * person.
   */
  'bot:invite': {
    payload: z.strictObject({
      /** How many; one when left out. */
      count: z.exactOptional(z.int().min(1).max(limits.ghosts)),
      for: z.exactOptional(MiddleboxKind),
    }),
    /** `bot`: the first one of them. */
    answer: z.strictObject({ bot: Member, bots: z.array(Member).max(limits.ghosts) }),
  },
  /** Send a bot away: for whoever has invited it, and for the host. */
  'bot:dismiss': { payload: z.strictObject({ peer: PeerId }), answer: z.null() },
  /** Take another name; what was said under the old one keeps it. Also from the lobby. */
  'member:rename': { payload: z.strictObject({ name: DisplayName }), answer: z.null() },
  /** Raise one's hand in a meeting, or take it down. */
  'member:hand': { payload: z.strictObject({ up: z.boolean() }), answer: z.null() },
  /** Show something for a moment. Four at once, and one a second in the long run. */
  'member:react': { payload: z.strictObject({ reaction: Reaction }), answer: z.null() },
  /** For the host, as all of `host:…`: ask newcomers to wait, or let in all who do. */
  'host:lobby': { payload: z.strictObject({ on: z.boolean() }), answer: z.null() },
  /** Let somebody in who waits. */
  'host:admit': { payload: z.strictObject({ peer: PeerId }), answer: z.null() },
  /** Send somebody away who waits; they may knock again. */
  'host:refuse': { payload: z.strictObject({ peer: PeerId }), answer: z.null() },
  /** Make another member the host. */
  'host:pass': { payload: z.strictObject({ peer: PeerId }), answer: z.null() },
  /** Take somebody's hand down. */
  'host:hand-down': { payload: z.strictObject({ peer: PeerId }), answer: z.null() },
  /**
   * Ask one member, or with null all the others, to mute themselves. Their pages do it: the media does not pass through
   * this server, which cannot mute anybody, and a page of somebody's own making may go on.
   */
  'host:mute': { payload: z.strictObject({ peer: PeerId.nullable() }), answer: z.null() },
  /** End somebody's part in the meeting. They may join again as somebody new; with a lobby the host is asked. */
  'host:remove': { payload: z.strictObject({ peer: PeerId }), answer: z.null() },
  /** Choose how the media of the meeting travel. @see Routing */
  'host:topology': {
    payload: z.strictObject({
      ...routing,
      /** The host's page cannot reach the server in the middle. It goes back to a mesh, and everybody is told why. */
      why: z.exactOptional(z.literal('unavailable')),
    }),
    answer: z.null(),
  },
  /**
   * A mesh costs this page more than it should. Heard only where {@link Routing | the server may change the topology} and
   * three or more take part.
   */
  'topology:strain': { payload: Strain, answer: z.null() },
  /** Ask for a code under which others find the room. The room that has one keeps it. */
  'code:create': {
    payload: Place,
    answer: z.strictObject({ code: RoomCode, expiresAtMs: Time }),
  },
  /** STUN and TURN servers for one peer of this page, with a user name of its own that expires. */
  'ice:servers': {
    payload: z.strictObject({ peer: idText, path: z.exactOptional(IcePath) }),
    answer: z.strictObject({
      /** In the user names that this seat is given: 16 characters that only it and the server know. */
      session: z.string().regex(/^[A-Za-z0-9_-]{16}$/),
      servers: z.array(IceServer).max(16),
      /** After that the user name makes no new allocations; those that live are not ended. */
      expiresAtMs: Time,
      /** Whose servers they are; `off`: there are none. */
      source: z.enum(['embedded', 'coturn', 'off']),
    }),
  },
  /** Be told, from now on, of the STUN and TURN messages of one's own user names and ports. */
  'wire:watch': { payload: z.strictObject({}), answer: z.null() },
  /** Say that what comes from a port is one's own: a Binding request carries no user name. */
  'wire:claim': { payload: WireClaim, answer: z.strictObject({ flows: z.int().min(0) }) },
  /** Open a STUN server whose answers this page writes; it is asked with `stun:asked`. Another one takes its place. */
  'stun:listen': { payload: z.strictObject({}), answer: z.strictObject({ url: z.string().max(300) }) },
  /** Answer a question that came there. `sent` is false when it came too late. */
  'stun:answer': {
    payload: z.strictObject({ id: z.int().min(1), bytes: Datagram }),
    answer: z.strictObject({ sent: z.boolean() }),
  },
  /** Lose, delay or throttle one's own relayed packets from now on; what is left out passes as it is. */
  'wire:impair': {
    payload: z.strictObject({
      /** Of what happens by chance. */
      seed: z.int().min(0).max(0xffff_ffff),
      ends: z.array(ImpairedEnd).max(8),
    }),
    answer: z.null(),
  },
  /** Ask for a secret with which this seat can sign user names of its own for TURN, for an hour at most: an exercise. */
  'ice:practice': {
    payload: z.strictObject({}),
    answer: z.strictObject({
      session: z.string().regex(/^[A-Za-z0-9_-]{16}$/),
      secret: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
    }),
  },
  /**
   * End one's own allocations, of one peer or of all. The client behind them is not told: so it is when a device changes
   * its network, or a router forgets what it had opened.
   */
  'wire:end': {
    payload: z.strictObject({ peer: z.exactOptional(idText) }),
    answer: z.strictObject({ ended: z.int().min(0) }),
  },
  /**
   * Run a learner's signaling server in a process of its own on this server; one that runs already ends. The first report
   * is that it was loaded. It ends with the seat.
   */
  'classroom:start': {
    payload: z.strictObject({ code: z.string().max(limits.classroomText) }),
    answer: z.null(),
  },
  /** Orders for it, JSON each (`Order` in src/lab-kit/classroom/orders.ts): only its own process reads them. */
  'classroom:send': {
    payload: z.strictObject({ orders: z.array(z.string().max(limits.classroomText)).min(1).max(256) }),
    answer: z.null(),
  },
  /** End it. */
  'classroom:end': { payload: z.strictObject({}), answer: z.null() },
  /** Tell the room what one sends. */
  'media:change': { payload: MediaState, answer: z.null() },
  ...middleboxRequests,
  ...broadcastRequests,
  ...forwardRequests,
} as const;

/** What `GET /codes/<code>` is answered: a {@link Reply} of this. */
export const FoundPlace = z.strictObject({ room: RoomId, place: Place });

/** Every event that the server sends of its own accord. */
export const events = {
  'peer:joined': z.strictObject({ version: Version, member: Member }),
  /** `timeout`: the grace period passed without a return. `removed`: by the host. */
  'peer:left': z.strictObject({
    version: Version,
    peer: PeerId,
    why: z.enum(['left', 'timeout', 'removed']),
  }),
  'peer:away': z.strictObject({ version: Version, peer: PeerId }),
  /** A greater epoch, and a new page if the participant reloaded. */
  'peer:back': z.strictObject({ version: Version, member: Member }),
  'signal:received': z.strictObject({
    from: PeerId,
    fromEpoch: Epoch,
    fromPage: PageId,
    /** Grows from one message of a sender's page to the next for this receiver. */
    sequence: z.int().min(1),
    signal: Signal,
  }),
  'chat:received': z.strictObject({ message: ChatMessage }),
  'media:changed': z.strictObject({ version: Version, peer: PeerId, media: MediaState }),
  /** Another name, or a hand that went up or down. */
  'member:changed': z.strictObject({ version: Version, member: Member }),
  /** Not of the roster: whoever misses it has missed it. */
  'member:reacted': z.strictObject({ peer: PeerId, reaction: Reaction }),
  /** One event for both, so that at no moment there are two hosts or none. Everybody else is a guest. */
  'host:changed': z.strictObject({ version: Version, peer: PeerId }),
  /** `by`, the host, asks us to mute ourselves. */
  'host:muted': z.strictObject({ by: PeerId }),
  'lobby:changed': z.strictObject({ version: Version, ...lobby }),
  'topology:changed': z.strictObject({
    version: Version,
    ...routing,
    why: TopologyReason,
    /** Of `strain`: for whose page it was too much. */
    by: z.exactOptional(PeerId),
  }),
  /** We have been let in. */
  'room:admitted': z.strictObject({ self: Member, session: SessionToken, snapshot: Snapshot }),
  /** A token that says what the last one did not: who is host, whether there is a lobby, how media travel. It takes its place. */
  'session:renewed': z.strictObject({ session: SessionToken }),
  /** Messages of one's own at the STUN/TURN server, in their order. */
  'wire:messages': WireMessages,
  /** All that the server holds for one's own user names, after something of it has changed. */
  'wire:allocations': WireAllocations,
  /** A question came to the STUN server that this page plays. */
  'stun:asked': z.strictObject({
    id: z.int().min(1),
    bytes: Datagram,
    address: z.string().max(64),
    port: z.int().min(0).max(65_535),
  }),
  /** What one's own learner's server says, JSON each (`Report` in src/lab-kit/classroom/orders.ts). */
  'classroom:said': z.strictObject({ reports: z.array(z.string().max(limits.classroomText)) }),
  /** It runs no more; why, as a sentence. */
  'classroom:ended': z.strictObject({ why: z.string().max(500) }),
  /** The last words before the server closes the connection for good. */
  'session:ended': WireError,
  ...middleboxEvents,
  ...forwardEvents,
} as const;

export type RequestName = keyof typeof requests;
export type Payload<N extends RequestName> = z.infer<(typeof requests)[N]['payload']>;
export type Answer<N extends RequestName> = z.infer<(typeof requests)[N]['answer']>;
export type EventName = keyof typeof events;
export type EventPayload<E extends EventName> = z.infer<(typeof events)[E]>;

/** Every request is acknowledged with one of these two. */
export type Reply<T> = { ok: true; value: T } | { ok: false; error: WireError };

/** The schema of a reply, for the client that parses it. */
export const Reply = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion('ok', [
    z.strictObject({ ok: z.literal(true), value }),
    z.strictObject({ ok: z.literal(false), error: WireError }),
  ]);

export type ClientToServer = {
  [N in RequestName]: (payload: Payload<N>, reply: (reply: Reply<Answer<N>>) => void) => void;
};
export type ServerToClient = { [E in EventName]: (payload: EventPayload<E>) => void };
