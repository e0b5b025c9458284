import './no-eval.ts';
import { PageId, RoomId, type Member, type PeerId, type Place } from '../../protocol/signaling.ts';
import type { Seat } from '../bench.ts';
import { envelopeId } from './envelope-id.ts';
import { RtcError } from '../errors.ts';
import type { PeerLabel } from '../timeline.ts';
import {
  Mailbox,
  randomId,
  type Pairing,
  type Presence,
  type Rendezvous,
  type RendezvousState,
} from './rendezvous.ts';
import { RoomClient, RoomError } from './room-client.ts';
import type { Carrier, Envelope, Signal } from './signaling.ts';

/** This load of this page, as the server knows it. */
const page = PageId.parse(randomId());

/** How long a run waits for the server before it says that nobody answers. */
const CONNECT_TIMEOUT_MS = 8_000;

/**
 * Carries signals between peers of this page through the server: each peer has a connection of its own and sits in a
 * room that nobody else knows, so what one sees is what two computers would do.
 *
 * @throws {RtcError} `signaling-lost` when the server does not answer, `signaling-refused` when it says no
 */
export async function openServerCarrier(seats: readonly Seat[], signal: AbortSignal): Promise<Carrier> {
  const room = RoomId.parse(`page-${randomId()}`);
  const clients = new Map<PeerLabel, RoomClient>();
  const ids = new Map<PeerLabel, PeerId>();
  const labels = new Map<PeerId, PeerLabel>();
  await Promise.all(
    seats.map(async ({ self }) => {
      const client = new RoomClient();
      clients.set(self, client);
      const member = await enter(client, room, self, signal);
      ids.set(self, member.peer);
      labels.set(member.peer, self);
    }),
  );
  await Promise.all(seats.map(({ self, other }) => meets(clients.get(self), ids.get(other))));
  return {
    post: ({ from, to, signal: posted }) => post(clients.get(from), ids.get(to), posted),
    deliver: (receiver: (envelope: Envelope) => void) => {
      for (const [self, client] of clients) {
        client.on('signal', ({ from, fromPage, sequence, signal: received }) => {
          const sender = labels.get(from);
          if (sender)
            receiver({
              id: envelopeId(fromPage, from, sequence),
              from: sender,
              to: self,
              signal: received,
            });
        });
      }
    },
  };
}

/**
 * Meets one other participant of a room, in another tab or on another device.
 *
 * A connection to the server that drops, and a server that restarts, do not end a pairing: both ends come back under
 * their ids. A page that was loaded anew does, since its `RTCPeerConnection` is gone.
 *
 * @param options `bot`: the other participant is a bot of the server, which is invited when we are there · `place`: the
 *   page that others are to open; the room then gets a code
 */
export function openServerRendezvous(
  name: string,
  signal: AbortSignal,
  { bot = false, place }: { readonly bot?: boolean; readonly place?: Place } = {},
): Rendezvous {
  const states = new Mailbox<[RendezvousState]>();
  const pairings = new Mailbox<[Pairing]>();
  const codes = new Mailbox<[string]>();
  const client = new RoomClient();
  let pair:
    | { peer: PeerId; end: AbortController; presence: Mailbox<[Presence]>; inbox: Mailbox<[string, Signal]> }
    | undefined;

  const meet = ({ peer }: Member, offers: boolean) => {
    const end = new AbortController();
    const presence = new Mailbox<[Presence]>();
    const inbox = new Mailbox<[string, Signal]>();
    pair = { peer, end, presence, inbox };
    pairings.put({
      offers,
      signal: AbortSignal.any([end.signal, signal]),
      post: (posted) => post(client, peer, posted),
      deliver: (receiver) => inbox.open(receiver),
      onPresence: (receiver) => presence.open(receiver),
    });
    states.put({ is: 'paired' });
  };
  const part = (why: Presence) => {
    pair?.presence.put(why);
    pair?.end.abort();
    pair = undefined;
    if (signal.aborted) return;
    if (!bot) return states.put({ is: 'waiting' });
    const detail =
      'The bot has left: it was there for an hour, or the server ended it. Run again to invite another.';
    states.put({ is: 'refused', error: new RtcError('signaling-refused', detail) });
  };
  const meetThosePresent = () => {
    if (client.members.size > 1) {
      const detail =
        'Two peers sit in this room already. Wait until one has left, or start a call with another link.';
      states.put({ is: 'refused', error: new RtcError('signaling-refused', detail) });
      return client.close();
    }
    const there = [...client.members.values()].find(({ away }) => !away);
    if (there) return meet(there, true);
    states.put({ is: 'waiting' });
    if (!bot) return;
    client.invite().catch((error: unknown) => {
      if (!signal.aborted) states.put({ is: 'refused', error: refusal(error) });
    });
  };

  client.on('joined', (member) => {
    if (!pair) meet(member, member.bot); // the newcomer offers, but a bot never does
  });
  client.on('back', ({ member, reloaded }) => {
    if (reloaded && pair?.peer === member.peer) part('reloaded');
    if (!pair)
      meet(member, !reloaded); // whoever loaded a page last is the newcomer
    else if (pair.peer === member.peer) pair.presence.put('back');
  });
  client.on('away', ({ peer }) => {
    if (pair?.peer === peer) pair.presence.put('away');
  });
  client.on('left', ({ member }) => {
    if (pair?.peer === member.peer) part('left');
  });
  client.on('reset', () => {
    part('left');
    meetThosePresent();
  });
  client.on('signal', ({ from, fromPage, sequence, signal: received }) => {
    if (pair?.peer === from) pair.inbox.put(envelopeId(fromPage, from, sequence), received);
  });
  let lost = false;
  client.on('state', (state) => {
    if (state.state === 'reconnecting' && !lost) pair?.presence.put('server-lost');
    if (state.state === 'joined' && lost) pair?.presence.put('server-back');
    lost = state.state === 'reconnecting';
    // After each return: a server that was restarted knows none of the codes it gave.
    if (state.state === 'joined' && place)
      client.share(place).then(
        (code) => codes.put(code),
        () => {}, // the link leads there too
      );
    if (state.state === 'refused') states.put({ is: 'refused', error: refusal(state.error) });
    if (state.state === 'connecting') states.put({ is: 'connecting', ...(state.why && { why: state.why }) });
  });

  const room = RoomId.parse(name);
  const storage = sessionStore();
  client
    .connect(location.origin, { room, page, signal, ...(storage && { storage }) })
    .then(meetThosePresent, () => {
      // Refusals and the end of the run have been told as states.
    });
  return {
    onState: (receiver) => states.open(receiver),
    onPairing: (receiver) => pairings.open(receiver),
    onCode: (receiver) => codes.open(receiver),
  };
}

/** Undefined where the browser forbids storage: then a reload makes a new participant. */
function sessionStore(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

/**
 * Takes a seat, and gives up when nobody answers.
 *
 * @throws {RtcError} `signaling-lost`, `signaling-refused`, `stopped`
 */
export async function enter(
  client: RoomClient,
  room: RoomId,
  name: string,
  signal: AbortSignal,
): Promise<Member> {
  const late = AbortSignal.timeout(CONNECT_TIMEOUT_MS);
  const joined = new AbortController();
  const own = PageId.parse(randomId());
  late.addEventListener('abort', () => joined.signal.aborted || client.close(), { once: true });
  try {
    return await client.connect(location.origin, { room, page: own, name, signal });
  } catch (error) {
    if (signal.aborted) throw new RtcError('stopped', undefined, { cause: error });
    if (late.aborted)
      throw new RtcError(
        'signaling-lost',
        `No answer from ${location.origin} in ${CONNECT_TIMEOUT_MS / 1000} s.`,
      );
    throw refusal(error);
  } finally {
    joined.abort();
  }
}

/** Resolves when a client knows that the other one is there. */
function meets(client: RoomClient | undefined, peer: PeerId | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (!client || !peer || client.members.has(peer)) return resolve();
    const stop = client.on('members', (members) => {
      if (!members.has(peer)) return;
      stop();
      resolve();
    });
  });
}

function post(
  client: RoomClient | undefined,
  to: PeerId | undefined,
  signal: Signal,
): { id: string; taken: Promise<void> } {
  if (!client?.self || !to) throw new RtcError('signaling-lost', 'this peer is not connected to the server');
  const taken = client.send(to, signal).catch((error: unknown) => {
    throw refusal(error);
  });
  return { id: envelopeId(client.self.page, client.self.peer, client.sequenceTo(to)), taken };
}

/** What the server or the client said, for a person. */
export function refusal(error: unknown): RtcError {
  if (!(error instanceof RoomError)) return new RtcError('unexpected', String(error), { cause: error });
  if (error.code === 'turn-unavailable') return new RtcError(error.code, error.message, { cause: error });
  return new RtcError('signaling-refused', `${error.message}. ${error.help}`, { cause: error });
}
