/**
 * What a saved run is, version 1. Everything that is read from a file goes through this schema: unknown keys are
 * refused, numbers are finite, texts and lists have a longest length.
 *
 * A new kind of entry, or a field of one, gets its line in {@link events}: without it this file does not compile.
 */
import '../signaling/no-eval.ts';
import * as z from 'zod';
import { help, type RtcErrorCode } from '../errors.ts';
import { FaultPlan } from '../faults/plan.ts';
import type { PairSample, StatsSample } from '../stats/sample.ts';
import {
  faultNames,
  stateNames,
  type Entry,
  type EntryKind,
  type EntryOf,
  type PeerLabel,
} from '../timeline.ts';

/** Upper bounds of a recording. Lengths count UTF-16 code units. */
export const limits = {
  /** A run of an hour with two peers and media stays below 20 MB. */
  fileBytes: 50_000_000,
  entries: 200_000,
  /** Of any list inside an entry. */
  items: 5_000,
  /** How deep objects and lists may be nested; ours are 8 deep. */
  depth: 24,
  textLength: 500_000,
  wordLength: 4_096,
  /** The longest datagram there is, 65 535 bytes, as base64. */
  base64Length: 87_380,
  /** Ten days. */
  atMs: 864_000_000,
} as const;

const text = z.string().max(limits.textLength);
const word = z.string().max(limits.wordLength);
const count = z.int().min(0);
const number = z.number();
const ms = z.number().min(-limits.atMs).max(limits.atMs);
const peer: z.ZodType<PeerLabel> = z.string().min(1).max(80);
const list = <T extends z.ZodType>(item: T) => z.array(item).max(limits.items);
const line = z.int().min(1).max(100_000).exactOptional();

const side = z.enum(['local', 'remote']);
const media = z.enum(['audio', 'video']);
const sdpType = z.enum(['offer', 'answer', 'pranswer', 'rollback']);
const dtlsState = z.enum(stateNames['dtls-transport-state']);
const iceRole = z.enum(['unknown', 'controlling', 'controlled']);
const candidateType = z.enum(['host', 'srflx', 'prflx', 'relay']);

/** A configuration as the lab's code gave it. Browsers know members that the standard does not: they are kept. */
const configuration = z.looseObject({
  iceServers: list(
    z.looseObject({
      urls: z.union([word, list(word)]),
      username: word.exactOptional(),
      credential: word.exactOptional(),
    }),
  ).exactOptional(),
  iceTransportPolicy: z.enum(['all', 'relay']).exactOptional(),
  bundlePolicy: z.enum(['balanced', 'max-bundle', 'max-compat']).exactOptional(),
  rtcpMuxPolicy: z.literal('require').exactOptional(),
  iceCandidatePoolSize: z.int().min(0).max(255).exactOptional(),
}) as unknown as z.ZodType<EntryOf<'peer-opened'>['configuration']>;

const outcome = z.union([
  z.strictObject({ ok: z.literal(true), value: text.exactOptional() }),
  z.strictObject({ ok: z.literal(false), name: word, message: text }),
]);

const signal = z.union([
  z.strictObject({ description: z.strictObject({ type: sdpType, sdp: text }) }),
  z.strictObject({
    candidate: z
      .strictObject({
        candidate: word.exactOptional(),
        sdpMid: word.nullable().exactOptional(),
        sdpMLineIndex: count.nullable().exactOptional(),
        usernameFragment: word.nullable().exactOptional(),
      })
      .nullable(),
  }),
]);

const optional = {
  word: word.exactOptional(),
  number: number.exactOptional(),
  count: count.exactOptional(),
};

const candidateSample = z.strictObject({
  type: candidateType,
  protocol: word,
  address: optional.word,
  port: optional.count,
  relayProtocol: optional.word,
});

const pairEnd = candidateSample.extend({
  id: word,
  priority: optional.number,
  foundation: optional.word,
  usernameFragment: optional.word,
  tcpType: z.enum(['active', 'passive', 'so']).exactOptional(),
  relatedAddress: optional.word,
  relatedPort: optional.count,
});

const pair = z.strictObject({
  id: word,
  local: pairEnd,
  remote: pairEnd,
  state: word,
  nominated: z.boolean(),
  selected: z.boolean(),
  priority: optional.word,
  requestsSent: optional.number,
  responsesReceived: optional.number,
  requestsReceived: optional.number,
  responsesSent: optional.number,
  bytesSent: optional.number,
  bytesReceived: optional.number,
  currentRoundTripTimeMs: optional.number,
});

const stream = {
  ssrc: number,
  kind: media,
  mid: optional.word,
  rid: optional.word,
  codec: optional.word,
  bitrateBps: optional.number,
  packetsPerSecond: optional.number,
  framesPerSecond: optional.number,
  frameWidth: optional.number,
  frameHeight: optional.number,
  jitterMs: optional.number,
  lossFraction: optional.number,
  nackCount: optional.number,
  pliCount: optional.number,
};

const sample = z.strictObject({
  atMs: number,
  candidatePair: z
    .strictObject({
      local: candidateSample,
      remote: candidateSample,
      currentRoundTripTimeMs: optional.number,
      availableOutgoingBitrateBps: optional.number,
      bytesSent: number,
      bytesReceived: number,
      sendBitrateBps: optional.number,
      receiveBitrateBps: optional.number,
      requestsSent: optional.number,
      responsesReceived: optional.number,
    })
    .exactOptional(),
  transport: z
    .strictObject({
      dtlsState: dtlsState.exactOptional(),
      dtlsVersion: optional.word,
      dtlsCipher: optional.word,
      srtpCipher: optional.word,
      iceRole: iceRole.exactOptional(),
      selectedCandidatePairChanges: optional.number,
    })
    .exactOptional(),
  outbound: list(
    z.strictObject({
      ...stream,
      bytesSent: number,
      packetsSent: number,
      framesEncoded: optional.number,
      qualityLimitationReason: z.enum(['none', 'cpu', 'bandwidth', 'other']).exactOptional(),
      targetBitrateBps: optional.number,
      packetsLost: optional.number,
      rttMs: optional.number,
    }),
  ),
  inbound: list(
    z.strictObject({
      ...stream,
      bytesReceived: number,
      packetsReceived: number,
      packetsLost: number,
      framesDecoded: optional.number,
      framesDropped: optional.number,
      jitterBufferDelayMs: optional.number,
      concealedFraction: optional.number,
      concealedSamples: optional.number,
      freezeCount: optional.number,
      audioLevel: optional.number,
    }),
  ),
});

const errorCodes = Object.keys(help) as [RtcErrorCode, ...RtcErrorCode[]];

const transport = z.enum(['udp', 'tcp', 'tls']);
const traffic = z.strictObject({ packets: count, bytes: count });

const allocation = z.strictObject({
  peer,
  transport,
  client: word,
  server: word,
  relayed: word,
  lifetimeLeftMs: ms,
  permissions: list(z.strictObject({ address: word, leftMs: ms })),
  channels: list(z.strictObject({ number: z.int().min(0).max(0xffff), peer: word, leftMs: ms })),
  fromClient: traffic,
  toClient: traffic,
  channelDataFromClient: traffic,
  channelDataToClient: traffic,
  dropped: count,
});

/** What each kind of entry holds besides its peer, time and number. */
const events = {
  'peer-opened': { configuration },
  call: { call: count, method: word, args: list(text), line },
  'call-settled': { call: count, method: word, outcome, tookMs: ms },
  'peer-closed': {},
  'signaling-state': { state: z.enum(stateNames['signaling-state']) },
  'ice-gathering-state': { state: z.enum(stateNames['ice-gathering-state']) },
  'ice-connection-state': { state: z.enum(stateNames['ice-connection-state']) },
  'connection-state': { state: z.enum(stateNames['connection-state']) },
  'dtls-transport-state': { state: dtlsState, mid: optional.word },
  'negotiation-needed': {},
  description: { side, type: sdpType, sdp: text },
  candidate: {
    side,
    candidate: word,
    sdpMid: word.nullable(),
    sdpMLineIndex: count.nullable(),
    usernameFragment: word.nullable(),
  },
  'end-of-candidates': { side },
  'candidate-error': {
    url: word,
    errorCode: z.int(),
    errorText: word,
    address: word.nullable(),
    port: count.nullable(),
  },
  'selected-candidate-pair': { local: word, remote: word },
  'candidate-pairs': { pairs: list(pair), iceRole: iceRole.exactOptional() },
  'wire-message': {
    at: z.string().min(1).max(80),
    way: z.enum(['received', 'sent', 'passed']),
    transport,
    source: word,
    destination: word,
    bytes: z.base64().max(limits.base64Length),
    seenMs: optional.number,
  },
  allocations: { list: list(allocation) },
  track: { track: media, mid: word.nullable(), streams: list(word) },
  'track-state': { track: media, mid: word.nullable(), state: z.enum(['muted', 'unmuted', 'ended']) },
  'device-change': {},
  'first-frame': { width: count, height: count },
  'data-channel': {
    label: text,
    side,
    state: z.enum(stateNames['data-channel']),
    channelId: z.int().min(0).max(65_535).exactOptional(),
  },
  'data-message': { label: text, side: z.enum(['sent', 'received']), sizeBytes: count, preview: word },
  stats: { sample },
  'signal-sent': { id: word, to: peer, signal, line },
  'signal-received': { id: word, from: peer, signal },
  'server-message': {
    way: z.enum(['sent', 'received']),
    name: word,
    text,
    socket: word.exactOptional(),
    sizeBytes: count.exactOptional(),
    id: word.exactOptional(),
  },
  presence: {
    state: z.enum(['joined', 'away', 'back', 'left', 'reloaded', 'server-lost', 'server-back']),
  },
  step: { step: count, text: word, line },
  prediction: { chosen: word, happened: word, options: list(word) },
  fault: {
    fault: z.enum(faultNames),
    text: word,
    id: optional.word,
    rule: optional.count,
    plan: FaultPlan.exactOptional(),
  },
  'run-started': {
    lab: word,
    arrangement: word,
    controls: z.record(word, word).exactOptional(),
    faults: FaultPlan.exactOptional(),
  },
  'run-ended': { why: z.enum(['stopped', 'finished', 'failed', 'restarted']) },
  note: { text },
  measure: { name: word, valueMs: ms },
  error: { code: z.enum(errorCodes), detail: text },
} as const satisfies Record<EntryKind, z.ZodRawShape>;

const common = { peer, atMs: z.number().min(0).max(limits.atMs), seq: count };

type Shapes = typeof events;
type Parsed = {
  [K in EntryKind]: (keyof Shapes[K] extends never ? unknown : z.infer<z.ZodObject<Shapes[K]>>) &
    z.infer<z.ZodObject<typeof common>> & { kind: K };
}[EntryKind];

const entries = new Map<string, z.ZodType>(
  Object.entries(events).map(([kind, shape]) => [
    kind,
    z.strictObject({ kind: z.literal(kind), ...common, ...shape }),
  ]),
);

/** One entry as a file holds it, or what is wrong with it. Stops at nothing but the end of this one entry. */
export function parseEntry(value: unknown): z.ZodSafeParseResult<Entry> {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  const schema = typeof kind === 'string' ? entries.get(kind) : undefined;
  return (schema ?? unknownKind).safeParse(value) as z.ZodSafeParseResult<Entry>;
}

const unknownKind = z.strictObject({ kind: z.enum(Object.keys(events) as [EntryKind, ...EntryKind[]]) });

export const FORMAT = 'peerscope-recording';
export const VERSION = 1;

/** A recording without its entries, which are read one by one with {@link parseEntry}. */
export const RecordingHead = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  /** ISO 8601, UTC. */
  savedAt: z.iso.datetime(),
  /** The browser that made it, as it calls itself. */
  userAgent: word,
  /** The lab's id; empty for a dump of another program. */
  lab: word,
  title: word,
  arrangement: word,
  controls: z.record(word, word),
  /** In the order of the lifelines. */
  peers: z.array(peer).max(100),
  /** Those that lived in the page that recorded. */
  hosted: z.array(peer).max(100),
  /** The text of `run.ts` as it ran; empty where there was none. */
  source: text,
  entries: z.array(z.unknown()).max(limits.entries),
});

/** A saved run. */
export type Recording = Plain<Omit<z.infer<typeof RecordingHead>, 'entries'>> & {
  readonly entries: readonly Entry[];
};

// ── The schema and the type of an entry say the same, in both directions, or this does not compile ──

/** A type as JSON knows it: nothing is read-only, intersections are one object. */
type Plain<T> = T extends object ? { -readonly [K in keyof T]: Plain<T[K]> } : T;
/** Every member, also the optional ones, so that one which is missing on one side is a difference. */
type Full<T> = T extends object ? { -readonly [K in keyof T]-?: Full<Exclude<T[K], undefined>> } : T;
type Fits<A, B> = [A, Full<A>] extends [B, Full<B>]
  ? [B, Full<B>] extends [A, Full<A>]
    ? true
    : false
  : false;
/** The kinds whose schema says something else than their type: the error names them. */
type Misfit = {
  [K in EntryKind]: Fits<Plain<EntryOf<K>>, Plain<Extract<Parsed, { kind: K }>>> extends true ? never : K;
}[EntryKind];

true satisfies [Misfit] extends [never] ? true : `${Misfit} differs`;
true satisfies Fits<Plain<StatsSample>, Plain<z.infer<typeof sample>>>;
true satisfies Fits<Plain<PairSample>, Plain<z.infer<typeof pair>>>;
