import type { Entry, EntryKind, EntryOf, PeerLabel } from '../../rtc/timeline.ts';
import { countLines, withoutComments } from './lines.ts';

/** What one column's code is, as text. */
export interface ColumnSource {
  /** The file of the task. */
  readonly own: string;
  /** Files that all tasks of this column share (its signaling, its helper); empty where there are none. */
  readonly shared: readonly { readonly name: string; readonly text: string }[];
}

/**
 * What one run of one column came to, read from its record and its source alone. Counts are of all participants
 * together. Times are milliseconds since the column's run began; undefined is what did not happen.
 *
 * Connections of one participant are labelled `alice`, `alice/2`, …: up to the slash it is the participant's name.
 * What a library does with a connection of its own while it is loaded, to try what the browser can (`alice/probe`),
 * is left out of everything.
 */
export interface Measures {
  /** Lines of code of the task's own file: not empty, and not only a comment. Imports count. */
  readonly lines: number;
  /** The same of the files that all tasks of the column share. */
  readonly sharedLines: number;
  /** Frames that participants sent to their server over a socket. Heartbeats do not count: those last as long as a run. */
  readonly messages: number;
  /** The bytes of those frames' payloads (text as UTF-8), without the framing of RFC 6455. */
  readonly messageBytes: number;
  /** HTTP requests besides: those of `fetch()`. A WebSocket's own handshake is none. */
  readonly requests: number;
  /** Peer connections that were constructed, whether they ever connected or not. */
  readonly connections: number;
  /** Descriptions that were sent through the server: offers, answers, provisional answers, rollbacks. */
  readonly descriptions: number;
  /** Candidates that were sent through the server; that there are no more is none. */
  readonly candidates: number;
  /**
   * How often the participant that began had to wait for its server before it was connected.
   *
   * It is who sent the first offer; where nobody did, who sent anything first. Of what it sent and received up to its
   * first `connected`, a round trip is something sent and what is received next, as often as the two alternate: the
   * opening of a socket, a frame, a request. Heartbeats and trickled candidates are left out, since nobody waits for an
   * answer to them.
   */
  readonly roundTrips: number;
  /** Recorded calls on `RTCPeerConnection`, its senders and transceivers, by whomever; not the constructor or `close()`. */
  readonly calls: number;
  /**
   * Those of them that stand neither in the column's own file nor in its shared ones: names of methods, each once, in
   * the order of their first call. A method stands in a file that has its name after a dot, outside of comments.
   */
  readonly hidden: readonly string[];
  /** When a second participant was `connected` for the first time: a connection has two ends. */
  readonly connectedMs: number | undefined;
  /** When the first message of a data channel was received. */
  readonly firstDataMs: number | undefined;
  /** When the first frame was shown to anybody. */
  readonly firstFrameMs: number | undefined;
  /** Messages that were handed to `send()` of data channels; of one channel, those that its record keeps (1000). */
  readonly channelMessages: number;
  /** The bytes of those messages; text as UTF-8. */
  readonly channelBytes: number;
}

export type Measure = Exclude<keyof Measures, 'hidden'>;

/** One measure in which columns differ, or do not. */
export interface Difference {
  readonly measure: Measure;
  readonly left: number | undefined;
  readonly right: number | undefined;
  /** right − left, where both are there. */
  readonly by: number | undefined;
}

export type MeasureColumn = (entries: readonly Entry[], source: ColumnSource) => Measures;

/** Measures one column. @param recorded its record alone, in order @param source the code that ran */
export const measure: MeasureColumn = (recorded, source) => {
  const entries = recorded.filter(({ peer }) => !isProbe(peer));
  const sent = of(entries, 'server-message').filter((entry) => entry.way === 'sent');
  const frames = sent.filter(isFrame);
  const signals = of(entries, 'signal-sent').map(({ signal }) => signal);
  const handed = of(entries, 'data-message').filter(({ side }) => side === 'sent');
  const calls = of(entries, 'call');
  const since = (entry: Entry | undefined) => entry && entry.atMs - startMs(entries);
  return {
    lines: countLines(source.own),
    sharedLines: sum(source.shared.map(({ text }) => countLines(text))),
    messages: frames.length,
    messageBytes: sum(frames.map(({ sizeBytes = 0 }) => sizeBytes)),
    requests: sent.filter(isRequest).length,
    connections: of(entries, 'peer-opened').length,
    descriptions: signals.filter((signal) => 'description' in signal).length,
    candidates: signals.filter((signal) => 'candidate' in signal && signal.candidate?.candidate).length,
    roundTrips: roundTrips(entries),
    calls: calls.length,
    hidden: hiddenOf(calls, source),
    connectedMs: since(connectedAtBothEnds(entries)),
    firstDataMs: since(of(entries, 'data-message').find(({ side }) => side === 'received')),
    firstFrameMs: since(of(entries, 'first-frame')[0]),
    channelMessages: handed.length,
    channelBytes: sum(handed.map(({ sizeBytes }) => sizeBytes)),
  };
};

/** Whose a connection is: `alice` of `alice/2`. */
export const participantOf = (label: PeerLabel): PeerLabel => label.split('/', 1)[0] ?? label;

const isProbe = (label: PeerLabel): boolean => label.includes('/probe');

const of = <K extends EntryKind>(entries: readonly Entry[], kind: K): readonly EntryOf<K>[] =>
  entries.filter((entry): entry is EntryOf<K> => entry.kind === kind);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const startMs = (entries: readonly Entry[]): number =>
  (entries.find(({ kind }) => kind === 'run-started') ?? entries[0])?.atMs ?? 0;

type ServerMessage = EntryOf<'server-message'>;

/** A request of `fetch()` is named by its method: `GET /peerjs/peerjs/id`. */
const isRequest = ({ name }: ServerMessage): boolean =>
  /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\b/.test(name);

/** A frame has a size; that a socket was opened or closed has none. */
const isFrame = (message: ServerMessage): boolean =>
  message.sizeBytes !== undefined && !isRequest(message) && !heartbeats.has(message.name);

/** What keeps a socket alive: of PeerServer, and of Engine.IO. */
const heartbeats: ReadonlySet<string> = new Set(['HEARTBEAT', 'ping', 'pong']);

function roundTrips(entries: readonly Entry[]): number {
  const first =
    of(entries, 'signal-sent').find(
      ({ signal }) => 'description' in signal && signal.description.type === 'offer',
    ) ?? of(entries, 'server-message').find(({ way }) => way === 'sent');
  if (!first) return 0;
  const self = participantOf(first.peer);
  const own = entries.filter(({ peer }) => participantOf(peer) === self);
  const connected = own.findIndex(isConnected);
  const trickled = new Set(
    entries.flatMap((entry) =>
      (entry.kind === 'signal-sent' || entry.kind === 'signal-received') && 'candidate' in entry.signal
        ? [entry.id]
        : [],
    ),
  );
  let trips = 0;
  let isWaiting = false;
  for (const { way, name, id } of of(connected < 0 ? own : own.slice(0, connected), 'server-message')) {
    if (heartbeats.has(name) || (id !== undefined && trickled.has(id))) continue;
    if (isWaiting && way === 'received') trips += 1;
    isWaiting = way === 'sent';
  }
  return trips;
}

const isConnected = (entry: Entry): boolean =>
  entry.kind === 'connection-state' && entry.state === 'connected';

function connectedAtBothEnds(entries: readonly Entry[]): Entry | undefined {
  const connected = entries.filter(isConnected);
  return connected.find(({ peer }) => participantOf(peer) !== participantOf(connected[0]?.peer ?? peer));
}

function hiddenOf(calls: readonly EntryOf<'call'>[], { own, shared }: ColumnSource): readonly string[] {
  const code = [own, ...shared.map(({ text }) => text)].map(withoutComments).join('\n');
  const stands = new Set([...code.matchAll(/\.\s*([A-Za-z]+)/g)].map(([, name]) => name));
  return [...new Set(calls.map(({ method }) => method))].filter((method) => !stands.has(method));
}
