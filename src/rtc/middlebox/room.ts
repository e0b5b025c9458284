import type { MiddleboxKind, ReceivedSection, ServerCandidate, Source } from '../../protocol/middlebox.ts';
import type {
  Answer,
  EventName,
  EventPayload,
  MediaState,
  Payload,
  PeerId,
} from '../../protocol/signaling.ts';
import { RoomId } from '../../protocol/signaling.ts';
import type { Bench } from '../bench.ts';
import type { PeerLabel, Signal } from '../timeline.ts';
import { randomId } from '../signaling/rendezvous.ts';
import { RoomClient, type Askable } from '../signaling/room-client.ts';
import { enter, refusal } from '../signaling/socket.ts';

/**
 * One participant's line to the server in the middle: what it asks, what it is told. Each has a connection of its own to
 * the server and a seat of its own, though all live in one page.
 */
export interface Seat {
  /** As the server calls it. */
  readonly peer: PeerId;
  /** @throws {RtcError} with the server's reason */
  ask<N extends Askable>(name: N, payload: Payload<N>): Promise<Answer<N>>;
  /** Calls `handle` for each such event from now on. */
  hear<E extends EventName>(event: E, handle: (payload: EventPayload<E>) => void): void;
  /** Tells the room what is sent: what is turned off is not forwarded. */
  announce(media: MediaState): void;
}

/** Everybody's seats in one room at the server. */
export interface MiddleboxRoom {
  readonly id: RoomId;
  seat(name: string): Seat;
  /** Whose id this is; the id itself where it is nobody's of this page. */
  nameOf(peer: PeerId | null): string;
}

/**
 * Takes a seat for each of them in a room that nobody else knows. They leave it when the run ends.
 *
 * @throws {RtcError} `signaling-lost` when the server does not answer, `signaling-refused` when it says no
 */
export async function enterRoom(
  bench: Pick<Bench, 'signal'>,
  names: readonly string[],
): Promise<MiddleboxRoom> {
  const room = RoomId.parse(`page-${randomId()}`);
  const seats = new Map<string, Seat>();
  const owners = new Map<PeerId, string>();
  await Promise.all(
    names.map(async (name) => {
      const client = new RoomClient();
      const { peer } = await enter(client, room, name, bench.signal);
      owners.set(peer, name);
      seats.set(name, {
        peer,
        ask: async (request, payload) => {
          try {
            return await client.ask(request, payload);
          } catch (error) {
            throw refusal(error);
          }
        },
        hear: (event, handle) => client.hear(event, handle),
        announce: (media) => client.setMedia(media),
      });
    }),
  );
  return {
    id: room,
    seat(name) {
      const seat = seats.get(name);
      if (!seat) throw new RangeError(`${name} has no seat in this room`);
      return seat;
    },
    nameOf: (peer) => (peer === null ? 'all' : (owners.get(peer) ?? peer)),
  };
}

/**
 * Sends what a connection up has to send: its offer goes to the server, and the answer comes back at once. Both are on
 * the record, as if a participant had sent them.
 *
 * @param server the lane of the record that stands for the server
 */
export async function publish(
  bench: Pick<Bench, 'timeline'>,
  seat: Seat,
  pc: RTCPeerConnection,
  { self, server, kind, sections }: Published,
): Promise<void> {
  await pc.setLocalDescription();
  const offer = pc.localDescription?.sdp ?? '';
  crosses(bench, self, server, { description: { type: 'offer', sdp: offer } });
  const { sdp } = await seat.ask('middlebox:publish', { kind, sdp: offer, sections: [...sections] });
  crosses(bench, server, self, { description: { type: 'answer', sdp } });
  await pc.setRemoteDescription({ type: 'answer', sdp });
  const has = (source: Source) => sections.some((section) => section.source === source);
  const media = { muted: !has('microphone'), camera: has('camera'), screen: has('screen') };
  seat.announce({ ...media, recording: false });
}

export interface Published {
  readonly self: PeerLabel;
  readonly server: PeerLabel;
  readonly kind: MiddleboxKind;
  readonly sections: Payload<'middlebox:publish'>['sections'];
}

export interface Received {
  readonly self: PeerLabel;
  readonly server: PeerLabel;
  readonly kind: MiddleboxKind;
  /** What came: whose, and of which source. Called again when a further offer has changed it. */
  readonly onSections?: (sections: readonly ReceivedSection[]) => void;
}

/**
 * Answers each offer of the server on a connection down, one after the other, from now on. Where the server is comes with
 * its thanks for the first answer.
 */
export async function receive(
  bench: Pick<Bench, 'timeline' | 'signal' | 'report'>,
  seat: Seat,
  pc: RTCPeerConnection,
  { self, server, kind, onSections }: Received,
): Promise<void> {
  let last = Promise.resolve();
  const answer = async ({ version, sdp, sections }: EventPayload<'middlebox:offer'>) => {
    if (bench.signal.aborted) return;
    crosses(bench, server, self, { description: { type: 'offer', sdp } });
    onSections?.(sections);
    await pc.setRemoteDescription({ type: 'offer', sdp });
    await pc.setLocalDescription();
    const own = pc.localDescription?.sdp ?? '';
    crosses(bench, self, server, { description: { type: 'answer', sdp: own } });
    const { candidates } = await seat.ask('middlebox:answer', { kind, version, sdp: own });
    for (const candidate of withEnd(candidates)) {
      crosses(bench, server, self, { candidate });
      if (pc.signalingState !== 'closed') await pc.addIceCandidate(candidate);
    }
  };
  seat.hear('middlebox:offer', (offer) => {
    // The next one waits: two that are handled at once are two half answers.
    last = last.then(() => answer(offer)).catch((error: unknown) => bench.report(self, error));
  });
  await seat.ask('middlebox:receive', { kind });
}

let crossings = 0;

/** Puts a signal on the record at both ends of its way. */
function crosses(
  { timeline }: Pick<Bench, 'timeline'>,
  from: PeerLabel,
  to: PeerLabel,
  signal: Signal,
): void {
  const id = `middlebox-${++crossings}`;
  timeline.append(from, { kind: 'signal-sent', id, to, signal });
  timeline.append(to, { kind: 'signal-received', id, from, signal });
}

/** The server names all of its candidates at once, or none. */
export function withEnd(candidates: readonly ServerCandidate[]): (ServerCandidate | null)[] {
  return candidates.length > 0 ? [...candidates, null] : [];
}
