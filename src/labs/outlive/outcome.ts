import { fold, type Fold } from '../../lab-kit/panels/model/fold.ts';
import type { Entry } from '../../rtc/timeline.ts';
import { mismatches, presenceFold, type Room } from '../rooms/presence.ts';
import { notes } from './site.ts';

/** One outage of the server, as the record tells of it. */
export interface Outage {
  readonly beganMs: number;
  backMs: number | undefined;
  /** When both knew of each other again. */
  healedMs: number | undefined;
  /** Frames that bob had decoded when it began, and now; of the same connection. */
  readonly framesBefore: number;
  frames: number;
  /** Connections that were closed and opened since it began, by both ends. */
  closed: number;
  opened: number;
}

export interface Story {
  room: Room;
  frames: number;
  outages: Outage[];
}

/** What the outages did to the room and to the call. @param people how many are to be in the room */
export function storyFold(people = 2): Fold<Story> {
  // The room is computed from the same list, entry by entry.
  const presence = presenceFold();
  const seen: Entry[] = [];
  return fold<Story>(
    () => {
      seen.length = 0;
      return { room: presence([]), frames: 0, outages: [] };
    },
    (story, entry) => {
      seen.push(entry);
      story.room = presence(seen);
      const outage = story.outages.at(-1);
      if (entry.kind === 'note' && entry.text === notes.killed)
        story.outages.push({
          beganMs: entry.atMs,
          backMs: undefined,
          healedMs: undefined,
          framesBefore: story.frames,
          frames: story.frames,
          closed: 0,
          opened: 0,
        });
      else if (entry.kind === 'note' && entry.text === notes.back && outage) outage.backMs = entry.atMs;
      else if (entry.kind === 'peer-closed' && outage) outage.closed++;
      else if (entry.kind === 'peer-opened' && outage) outage.opened++;
      else if (entry.kind === 'stats' && entry.peer === 'bob') {
        const decoded = entry.sample.inbound.find(({ kind }) => kind === 'video')?.framesDecoded ?? 0;
        story.frames = decoded;
        if (outage && outage.opened === 0) outage.frames = Math.max(outage.frames, decoded);
      }
      if (outage?.backMs !== undefined && outage.healedMs === undefined && isWhole(story.room, people))
        outage.healedMs = entry.atMs;
    },
  );
}

/** Whether everybody is in the room, and knows of everybody else. */
function isWhole(room: Room, people: number): boolean {
  const inside = [...room.people.values()].filter(({ isIn, knows }) => isIn && knows.size === people - 1);
  return inside.length === people && mismatches(room).length === 0;
}

const inSeconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** What came of it, in a sentence or two. */
export function verdictOf({
  beganMs,
  backMs,
  healedMs,
  framesBefore,
  frames,
  closed,
  opened,
}: Outage): string {
  const media =
    closed > 0
      ? `The call was ended by the page itself, though its path was in order.${opened > 0 ? ' It was made anew afterwards.' : ''}`
      : `The call goes on: bob has decoded ${frames - framesBefore} frames since.`;
  if (backMs === undefined) return `The server is gone. ${media}`;
  const away = `The server was away for ${inSeconds(backMs - beganMs)}.`;
  if (healedMs === undefined) return `${away} ${media} The roster is not right yet.`;
  return `${away} ${media} The roster was right again ${inSeconds(healedMs - backMs)} after its return.`;
}
