import type { Entry, EntryOf, PeerLabel } from '../../../rtc/timeline.ts';
import { fold, type Fold } from './fold.ts';
import { edgeOf, machines, type Edge, type Machine } from './machines.ts';

/** One stop on the way of a state machine. A state that this page has never heard of is kept as it is. */
export interface Stop {
  readonly state: string;
  readonly atMs: number;
  readonly seq: number;
  /** The call that brought it, where one did: `setLocalDescription(offer)`. */
  readonly call?: string;
}

/** The way of one machine: the connection has one of most, and one for each DTLS transport and data channel. */
export interface Track {
  readonly machine: Machine;
  /** Which one: the label of a channel, the mid of a transport. */
  readonly name?: string;
  readonly stops: Stop[];
}
export type Tracks = Map<string, Track>;

interface Own {
  readonly tracks: Tracks;
  /** What is being set, by the number of the call. */
  readonly pending: Map<number, string>;
}

/** The machines that a connection has from the beginning. */
const ofConnection = [
  'signaling-state',
  'ice-gathering-state',
  'ice-connection-state',
  'connection-state',
] as const satisfies readonly Machine[];

/** The way that each peer's state machines took, by peer, in the order in which the peers were opened. */
export function statesFold(): Fold<Map<PeerLabel, Tracks>> {
  const compute = ownFold();
  return (list, end) => new Map([...compute(list, end)].map(([peer, { tracks }]) => [peer, tracks]));
}

function ownFold(): Fold<Map<PeerLabel, Own>> {
  return fold(
    () => new Map(),
    (peers, entry) => {
      if (entry.kind === 'peer-opened') peers.set(entry.peer, open(entry));
      const own = peers.get(entry.peer);
      if (own) step(own, entry);
    },
  );
}

function step(own: Own, entry: Entry): void {
  const { tracks, pending } = own;
  switch (entry.kind) {
    case 'call':
      if (entry.method.endsWith('Description')) pending.set(entry.call, callWords(entry));
      break;
    case 'call-settled':
      pending.delete(entry.call);
      break;
    case 'signaling-state': {
      const [call] = pending.values(); // they are carried out in their order (webrtc-pc §4.4.1.2)
      push(tracks, 'signaling-state', entry, call === undefined ? {} : { call });
      break;
    }
    case 'ice-gathering-state':
    case 'ice-connection-state':
    case 'connection-state':
      push(tracks, entry.kind, entry);
      break;
    case 'dtls-transport-state':
      push(tracks, entry.kind, entry, {}, entry.mid);
      break;
    case 'data-channel':
      reopen(tracks.get(`data-channel ${entry.label}`));
      push(tracks, entry.kind, entry, {}, entry.label);
      break;
    case 'peer-closed':
      close(tracks, entry);
      break;
    default: // no other kind says anything about states
  }
}

/** `setLocalDescription(offer)`; without an argument the browser chooses (JSEP, RFC 9429 §4.1.9). */
function callWords({ method, args: [first = ''] }: EntryOf<'call'>): string {
  const type = /^(offer|answer|pranswer|rollback)\b/.exec(first)?.[1] ?? /"type":"(\w+)"/.exec(first)?.[1];
  return `${method}(${type ?? ''})`;
}

type Stated = Entry & { readonly state: string };

function push(
  tracks: Tracks,
  machine: Machine,
  { state, atMs, seq }: Stated,
  more = {},
  name?: string,
): void {
  const key = name === undefined ? machine : `${machine} ${name}`;
  const track = tracks.get(key);
  if (!track) {
    tracks.set(key, { machine, ...(name !== undefined && { name }), stops: [{ state, atMs, seq }] });
  } else if (track.stops.at(-1)?.state !== state) track.stops.push({ state, atMs, seq, ...more });
}

/** Whether an entry is a step of one of the machines that a connection has from the beginning. */
export const isState = (entry: Entry): entry is Extract<Entry, { kind: (typeof ofConnection)[number] }> =>
  ofConnection.some((machine) => machine === entry.kind);

function open({ atMs, seq }: Entry): Own {
  const tracks: Tracks = new Map();
  for (const machine of ofConnection)
    tracks.set(machine, { machine, stops: [{ state: machines[machine].initial, atMs, seq }] });
  return { tracks, pending: new Map() };
}

/**
 * `close()` changes the states without any event (webrtc-pc §4.4.1.1 «close the connection»): of the connection, of its
 * transports and of its channels, though not that of gathering.
 */
function close(tracks: Tracks, { atMs, seq }: Entry): void {
  for (const { machine, stops } of tracks.values())
    if (machine !== 'ice-gathering-state' && stops.at(-1)?.state !== 'closed')
      stops.push({ state: 'closed', atMs, seq, call: 'close()' });
}

/** Browsers let a channel tell of its end after `close()` of the connection; the standard has it end at once. */
function reopen(channel: Track | undefined): void {
  if (channel?.stops.at(-1)?.call === 'close()') channel.stops.pop();
}

/** One step of a way. */
export interface Taken {
  /** Counted from 1. */
  readonly number: number;
  readonly from: string;
  readonly to: Stop;
  /** Undefined where the browser went a way that the standard does not draw. */
  readonly edge: Edge | undefined;
  /** What caused it, in a few words. */
  readonly because: string;
}

/** The steps of a way, each with the edge of the diagram that it took. */
export function taken({ machine, stops }: Track): readonly Taken[] {
  return stops.slice(1).map((to, index) => {
    const from = stops[index]?.state ?? '';
    const edge = edgeOf(machine, from, to.state);
    return {
      number: index + 1,
      from,
      to,
      edge,
      because: to.call ?? edge?.because ?? 'a jump of this browser',
    };
  });
}

/** What a state means for the person who watches: colour only repeats what the word says. */
export function toneOf(state: string): 'idle' | 'busy' | 'good' | 'bad' | 'over' {
  switch (state) {
    case 'connected':
    case 'completed':
    case 'complete':
    case 'open':
      return 'good';
    case 'failed':
      return 'bad';
    case 'checking':
    case 'connecting':
    case 'gathering':
    case 'disconnected':
    case 'closing':
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
