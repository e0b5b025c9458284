import type { Entry, PeerLabel } from '../../../rtc/timeline.ts';
import { fold, type Fold } from './fold.ts';

/** The four state machines of a peer connection (webrtc-pc §4.3). */
export const machines = {
  'connection-state': { title: 'Connection', property: 'connectionState' },
  'ice-connection-state': { title: 'ICE connection', property: 'iceConnectionState' },
  'ice-gathering-state': { title: 'ICE gathering', property: 'iceGatheringState' },
  'signaling-state': { title: 'Signaling', property: 'signalingState' },
} as const;
export type Machine = keyof typeof machines;
export const allMachines = [
  'connection-state',
  'ice-connection-state',
  'ice-gathering-state',
  'signaling-state',
] as const satisfies readonly Machine[];

/** One stop on the way of a state machine. A state that this page has never heard of is kept as it is. */
export interface Stop {
  readonly state: string;
  readonly atMs: number;
  readonly seq: number;
}
export type Tracks = Record<Machine, Stop[]>;

const initial: Record<Machine, string> = {
  'connection-state': 'new',
  'ice-connection-state': 'new',
  'ice-gathering-state': 'new',
  'signaling-state': 'stable',
};

/** The way that each peer's state machines took, by peer, in the order in which the peers were opened. */
export function statesFold(): Fold<Map<PeerLabel, Tracks>> {
  return fold(
    () => new Map(),
    (peers, entry) => {
      if (entry.kind === 'peer-opened') peers.set(entry.peer, openTracks(entry));
      const tracks = peers.get(entry.peer);
      if (!tracks) return;
      if (isState(entry)) tracks[entry.kind].push({ state: entry.state, atMs: entry.atMs, seq: entry.seq });
      if (entry.kind === 'peer-closed') close(tracks, entry);
    },
  );
}

/** Whether an entry is a step of one of the machines. */
export const isState = (entry: Entry): entry is Extract<Entry, { kind: Machine }> =>
  Object.hasOwn(machines, entry.kind);

function openTracks({ atMs, seq }: Entry): Tracks {
  const track = (machine: Machine): Stop[] => [{ state: initial[machine], atMs, seq }];
  return {
    'connection-state': track('connection-state'),
    'ice-connection-state': track('ice-connection-state'),
    'ice-gathering-state': track('ice-gathering-state'),
    'signaling-state': track('signaling-state'),
  };
}

/** `close()` changes three of the four without any event (webrtc-pc §4.4.1.1 «close the connection»). */
function close(tracks: Tracks, { atMs, seq }: Entry): void {
  for (const machine of ['connection-state', 'ice-connection-state', 'signaling-state'] as const) {
    if (tracks[machine].at(-1)?.state !== 'closed') tracks[machine].push({ state: 'closed', atMs, seq });
  }
}

/** What a state means for the person who watches: colour only repeats what the word says. */
export function toneOf(state: string): 'idle' | 'busy' | 'good' | 'bad' | 'over' {
  switch (state) {
    case 'connected':
    case 'completed':
    case 'complete':
      return 'good';
    case 'failed':
      return 'bad';
    case 'checking':
    case 'connecting':
    case 'gathering':
    case 'disconnected':
    case 'have-local-offer':
    case 'have-remote-offer':
    case 'have-local-pranswer':
    case 'have-remote-pranswer':
      return 'busy';
    case 'closed':
      return 'over';
    default:
      return 'idle';
  }
}
