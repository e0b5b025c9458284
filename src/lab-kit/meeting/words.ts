import type { MiddleboxKind, Topology } from '../../protocol/middlebox.ts';
import type { Member } from '../../protocol/signaling.ts';
import type { LinkState, RecordedLink, ServerLink } from '../../rtc/meeting/engine.ts';
import { never } from '../../rtc/never.ts';
import type { RoomError } from '../../rtc/signaling/room-client.ts';

/** How the connection to somebody stands, for their tile; null when there is nothing to say. */
function linkWords(state: LinkState | undefined): string | null {
  if (!state) return 'Connecting …';
  switch (state.is) {
    case 'connecting':
      return 'Connecting …';
    case 'connected':
      return null;
    case 'interrupted':
      return 'Interrupted. It may come back by itself.';
    case 'restarting':
      return `Looking for another way: ICE restart${again(state.attempt)}`;
    case 'rebuilding':
      return `Making a new connection${again(state.attempt)}`;
    case 'failed':
      return 'No connection: no way between the two of you was found.';
    default:
      return never(state);
  }
}

/** What the server in the middle is called. */
const boxName: Readonly<Record<MiddleboxKind, string>> = { sfu: 'SFU', mcu: 'mixer' };

/** How a connection to the server stands, for whoever's media come by it; null when there is nothing to say. */
export function serverWords(state: LinkState | undefined, kind: MiddleboxKind): string | null {
  const box = boxName[kind];
  if (!state || state.is === 'connecting') return `Connecting to the ${box} …`;
  if (state.is === 'failed') return `No connection to the ${box} was found.`;
  return linkWords(state);
}

/** What is wrong with the way by which somebody's media come; null when there is nothing to say. */
export function wayWords(
  link: RecordedLink | undefined,
  topology: Topology,
  servers: readonly ServerLink[],
): string | null {
  if (link || topology === 'mesh') return linkWords(link?.state);
  return serverWords(servers.find(({ leg }) => leg === 'down')?.state, topology);
}

const again = (attempt: number) => (attempt > 1 ? `, attempt ${attempt} …` : ' …');

/** Why somebody does not answer though their picture may go on; null when they are there. */
export const awayWords = ({ away }: Member): string | null =>
  away ? 'Has lost the line to the server' : null;

/** Why a meeting is over, as a heading. */
export function endWords(error: RoomError | undefined): string {
  if (!error) return 'You have left the meeting.';
  switch (error.code) {
    case 'room-full':
      return 'This meeting is full.';
    case 'removed':
      return 'The host has ended your part in this meeting.';
    case 'turned-away':
      return 'You were not let in.';
    case 'taken-over':
      return 'The meeting goes on in another tab.';
    default:
      return 'You are not in the meeting.';
  }
}
