import type { RoomId } from '../../protocol/signaling.ts';
import { randomId } from '../../rtc/signaling/rendezvous.ts';
import type { RoomClient } from '../../rtc/signaling/room-client.ts';

/** A room at the server of this site that nobody else knows. */
export interface Room {
  readonly newClient: () => RoomClient;
  /** Takes a seat in it. @throws {RtcError} `signaling-lost`, `signaling-refused`, `stopped` */
  readonly enter: (client: RoomClient, name: string, signal: AbortSignal) => Promise<unknown>;
}

/** Loads what speaks to the server when it is needed, not with the page. */
export async function openRoom(): Promise<Room> {
  const [{ RoomClient }, { enter }, { RoomId }] = await Promise.all([
    import('../../rtc/signaling/room-client.ts'),
    import('../../rtc/signaling/socket.ts'),
    import('../../protocol/signaling.ts'),
  ]);
  const room: RoomId = RoomId.parse(`page-${randomId()}`);
  return {
    newClient: () => new RoomClient(),
    enter: (client, name, signal) => enter(client, room, name, signal),
  };
}
