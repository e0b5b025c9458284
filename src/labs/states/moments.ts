import { statesFold, taken } from '../../lab-kit/panels/model/states.ts';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';

/** The machines that a connection has from the beginning (webrtc-pc §4.3), in the order in which they move. */
export const four = [
  'signaling-state',
  'ice-gathering-state',
  'ice-connection-state',
  'connection-state',
] as const;
export type OneOfFour = (typeof four)[number];

/** One step of one of the four machines of one of the peers. */
export interface Moment {
  readonly peer: PeerLabel;
  readonly machine: OneOfFour;
  readonly from: string;
  readonly state: string;
  /** What caused it, in a few words. */
  readonly because: string;
  /** Milliseconds since the run began. */
  readonly atMs: number;
  /** The entry that tells of it. */
  readonly seq: number;
}

/** All steps of all four machines in the order in which they were taken. @param list a run's entries */
export function momentsOf(list: readonly Entry[]): readonly Moment[] {
  const moments: Moment[] = [];
  for (const [peer, tracks] of statesFold()(list))
    for (const machine of four) {
      const track = tracks.get(machine);
      for (const { from, to, because } of track ? taken(track) : [])
        moments.push({ peer, machine, from, state: to.state, because, atMs: to.atMs, seq: to.seq });
    }
  // What has the same entry (close() ends three machines) keeps the order of the four.
  return moments.toSorted((one, another) => one.seq - another.seq);
}

/** Where the four machines of each peer are now. @param list a run's entries */
export function statesNow(
  list: readonly Entry[],
): ReadonlyMap<PeerLabel, Readonly<Record<OneOfFour, string>>> {
  return new Map(
    [...statesFold()(list)].map(([peer, tracks]) => {
      const of = (machine: OneOfFour) => tracks.get(machine)?.stops.at(-1)?.state ?? '';
      return [
        peer,
        {
          'signaling-state': of('signaling-state'),
          'ice-gathering-state': of('ice-gathering-state'),
          'ice-connection-state': of('ice-connection-state'),
          'connection-state': of('connection-state'),
        },
      ];
    }),
  );
}
