import type { FaultPlan } from './faults/plan.ts';
import type { PairSample, StatsSample } from './stats/sample.ts';
import type { RtcErrorCode } from './errors.ts';
import type { AllocationSample } from './stun/allocation.ts';

/** The name of a peer in a lab: `alice`, `bob`, `carol`; `lab` is the bench itself. */
export type PeerLabel = string;

/** A description or a candidate on its way to the other peer, as the labs send it. */
export type Signal =
  | { readonly description: { readonly type: RTCSdpType; readonly sdp: string } }
  | { readonly candidate: RTCIceCandidateInit | null };

/** How a recorded call ended. `value` is a readable account of what it returned. */
export type Outcome =
  | { readonly ok: true; readonly value?: string }
  | { readonly ok: false; readonly name: string; readonly message: string };

/** What the fault board did. `id` of its entry is the signal's, where it was done to one. */
export const faultNames = [
  'delayed',
  'dropped',
  'duplicated',
  'reordered',
  'held',
  'released',
  'renamed',
  'altered',
  'configured',
  'closed',
  'stopped',
  'glare',
  'changed',
  'impaired',
  'network',
] as const;
export type FaultName = (typeof faultNames)[number];

/** All states of the machines, in the words of the standard (webrtc-pc §4.3, §5.5.1, §6.2). */
export const stateNames = {
  'signaling-state': [
    'stable',
    'have-local-offer',
    'have-remote-offer',
    'have-local-pranswer',
    'have-remote-pranswer',
    'closed',
  ],
  'ice-gathering-state': ['new', 'gathering', 'complete'],
  'ice-connection-state': ['new', 'checking', 'connected', 'completed', 'disconnected', 'failed', 'closed'],
  'connection-state': ['new', 'connecting', 'connected', 'disconnected', 'failed', 'closed'],
  'dtls-transport-state': ['new', 'connecting', 'connected', 'closed', 'failed'],
  'data-channel': ['connecting', 'open', 'closing', 'closed'],
} as const;

/** One variant for each thing that the standards, or the lab, let us see. */
export type RtcEvent =
  // The API, as the lab's code uses it
  | { kind: 'peer-opened'; configuration: RTCConfiguration }
  // `line` is the line of `run.ts` that did it, counted from 1; absent where it is not known
  | { kind: 'call'; call: number; method: string; args: readonly string[]; line?: number }
  | { kind: 'call-settled'; call: number; method: string; outcome: Outcome; tookMs: number }
  | { kind: 'peer-closed' }
  // States (webrtc-pc §4.3)
  | { kind: 'signaling-state'; state: RTCSignalingState }
  | { kind: 'ice-gathering-state'; state: RTCIceGatheringState }
  | { kind: 'ice-connection-state'; state: RTCIceConnectionState }
  | { kind: 'connection-state'; state: RTCPeerConnectionState }
  // `mid` is that of the first m-section on the transport; the bundled ones share it (RFC 9143)
  | { kind: 'dtls-transport-state'; state: RTCDtlsTransportState; mid?: string }
  // Descriptions and candidates (JSEP; RFC 8838 for trickle)
  | { kind: 'negotiation-needed' }
  | { kind: 'description'; side: 'local' | 'remote'; type: RTCSdpType; sdp: string }
  | {
      kind: 'candidate';
      side: 'local' | 'remote';
      candidate: string;
      sdpMid: string | null;
      sdpMLineIndex: number | null;
      usernameFragment: string | null;
    }
  | { kind: 'end-of-candidates'; side: 'local' | 'remote' }
  | {
      kind: 'candidate-error';
      url: string;
      errorCode: number;
      errorText: string;
      address: string | null;
      port: number | null;
    }
  | { kind: 'selected-candidate-pair'; local: string; remote: string }
  // All pairs as getStats() tells of them; recorded when one of them has changed. `iceRole` once ICE has given it
  | { kind: 'candidate-pairs'; pairs: readonly PairSample[]; iceRole?: RTCIceRole }
  // A STUN or TURN message as it passed a place on its way: `at` is `server` for the STUN/TURN server of this page, else
  // a hop such as `router-a`. The peer is the one whose message it is, `lab` where that is not known. `seenMs` is the
  // time by the clock of that place, in milliseconds since some moment of its own: only differences mean something.
  | {
      kind: 'wire-message';
      at: string;
      way: 'received' | 'sent' | 'passed';
      transport: 'udp' | 'tcp' | 'tls';
      /** `192.0.2.1:50000`, `[2001:db8::1]:50000` */
      source: string;
      destination: string;
      /** base64 */
      bytes: string;
      seenMs?: number;
    }
  // Everything that the peers of the run hold at the server, after something of it has changed
  | { kind: 'allocations'; list: readonly AllocationSample[] }
  // Media and data. `mid` is null where the track is of no connection
  | { kind: 'track'; track: 'audio' | 'video'; mid: string | null; streams: readonly string[] }
  | {
      kind: 'track-state';
      track: 'audio' | 'video';
      mid: string | null;
      state: 'muted' | 'unmuted' | 'ended';
    }
  // A camera, microphone or loudspeaker came or went (mediacapture-main §9.1)
  | { kind: 'device-change' }
  | { kind: 'first-frame'; width: number; height: number }
  // `channelId` is that of the SCTP stream (RFC 8831 §6.4), once it is known
  | {
      kind: 'data-channel';
      label: string;
      side: 'local' | 'remote';
      state: RTCDataChannelState;
      channelId?: number;
    }
  | { kind: 'data-message'; label: string; side: 'sent' | 'received'; sizeBytes: number; preview: string }
  | { kind: 'stats'; sample: StatsSample }
  // Signaling. `id` is the same at both ends, so that the ladder can draw the arrow
  | { kind: 'signal-sent'; id: string; to: PeerLabel; signal: Signal; line?: number }
  | { kind: 'signal-received'; id: string; from: PeerLabel; signal: Signal }
  // A message between this peer and a learner's server that runs in the page: the name of an event or the type of a
  // message, or what became of the connection (`connect`, `open`, `close`). `text` is what came with it.
  // Of a real socket, `socket` is the path of its URL, `sizeBytes` what crossed, and `id` that of the signal in it.
  | {
      kind: 'server-message';
      way: 'sent' | 'received';
      name: string;
      text: string;
      socket?: string;
      sizeBytes?: number;
      id?: string;
    }
  | {
      kind: 'presence';
      state: 'joined' | 'away' | 'back' | 'left' | 'reloaded' | 'server-lost' | 'server-back';
    }
  // What a person did to the run: let it take a step, guess the next one, put a fault in its way
  | { kind: 'step'; step: number; text: string; line?: number }
  | { kind: 'prediction'; chosen: string; happened: string; options: readonly string[] }
  // `rule` is the place of the rule in the plan that is in force; `plan` is there when another one is
  | { kind: 'fault'; fault: FaultName; text: string; id?: string; rule?: number; plan?: FaultPlan }
  // The bench
  | {
      kind: 'run-started';
      lab: string;
      arrangement: string;
      controls?: Readonly<Record<string, string>>;
      /** What is to go wrong; absent when nothing is. */
      faults?: FaultPlan;
    }
  | { kind: 'run-ended'; why: 'stopped' | 'finished' | 'failed' | 'restarted' }
  | { kind: 'note'; text: string }
  | { kind: 'measure'; name: string; valueMs: number }
  | { kind: 'error'; code: RtcErrorCode; detail: string };

/**
 * One entry of a timeline.
 *
 * `atMs` is in milliseconds since the run began, by the monotonic clock of the page that recorded it.
 * `seq` counts from 0 and orders entries that share a time.
 */
export type Entry = RtcEvent & { readonly peer: PeerLabel; readonly atMs: number; readonly seq: number };
export type EntryKind = Entry['kind'];
export type EntryOf<K extends EntryKind> = Extract<Entry, { kind: K }>;

type Listener = (entry: Entry) => void;

/**
 * The record of one run: an append-only list from which every panel, grader and test is computed.
 *
 * Appending is kept cheap (one push, one call per listener): panels batch their own drawing.
 */
export class Timeline {
  readonly #entries: Entry[] = [];
  readonly #listeners = new Set<Listener>();
  readonly #now: () => number;
  readonly #startMs: number;

  /** @param now the clock, in milliseconds; monotonic */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#startMs = now();
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Milliseconds since the run began. */
  get nowMs(): number {
    return this.#now() - this.#startMs;
  }

  append(peer: PeerLabel, event: RtcEvent): Entry {
    const entry = { ...event, peer, atMs: this.nowMs, seq: this.#entries.length } as Entry;
    this.#entries.push(entry);
    for (const listener of this.#listeners) listener(entry);
    return entry;
  }

  /** Calls `listener` for each entry from now on, until `signal` aborts or the returned function is called. */
  subscribe(listener: Listener, signal?: AbortSignal): () => void {
    const stop = () => void this.#listeners.delete(listener);
    if (signal?.aborted) return stop;
    this.#listeners.add(listener);
    signal?.addEventListener('abort', stop, { once: true });
    return stop;
  }

  /** The first entry that has all of `wanted`'s values, already there or yet to come. Rejects when `signal` aborts. */
  until<K extends EntryKind>(wanted: Wanted<K>, signal?: AbortSignal): Promise<EntryOf<K>> {
    const there = this.#entries.find((entry) => matches(entry, wanted));
    if (there) return Promise.resolve(there as EntryOf<K>);
    return new Promise((resolve, reject) => {
      const stop = this.subscribe((entry) => {
        if (!matches(entry, wanted)) return;
        stop();
        resolve(entry as EntryOf<K>);
      });
      signal?.addEventListener('abort', () => (stop(), reject(signal.reason as Error)), { once: true });
    });
  }
}

/** A pattern for entries: the kind, and any of its fields with the value wanted. */
export type Wanted<K extends EntryKind> = { kind: K } & Partial<EntryOf<K>>;

/** Whether an entry has all of `wanted`'s values. @param wanted fields of an entry, see {@link Wanted} */
export function matches(entry: Entry, wanted: object): boolean {
  return Object.entries(wanted).every(
    ([key, value]) => (entry as unknown as Record<string, unknown>)[key] === value,
  );
}
