import type { Outcome, RtcEvent } from './timeline.ts';
import { sizeOf, words } from './words.ts';

type Record = (event: RtcEvent) => void;

/** What the recorder asks of a bench before a call; see {@link Bench.take} and {@link Bench.locate}. */
export interface CallHooks {
  /** Makes the call, at once or later; what it gives rejects when the run ends before. */
  take?(method: string, args: readonly unknown[], line: number | undefined, call: () => unknown): unknown;
  /** The line of the lab's code that is being executed. */
  locate?(): number | undefined;
}
type Method = (...args: unknown[]) => unknown;

const connectionMethods = [
  'addIceCandidate',
  'addTrack',
  'addTransceiver',
  'createAnswer',
  'createDataChannel',
  'createOffer',
  'removeTrack',
  'restartIce',
  'setConfiguration',
  'setLocalDescription',
  'setRemoteDescription',
] as const satisfies readonly (keyof RTCPeerConnection)[];

/**
 * Records what a connection does, from now on.
 *
 * Methods are replaced on this one object by others that note the call and hand it on; arguments, results,
 * promises and exceptions pass through as they are. The browser's prototypes stay untouched.
 */
export function recordPeer(pc: RTCPeerConnection, record: Record, hooks: CallHooks = {}): void {
  const descriptions = trackDescriptions(pc, record);
  recordEvents(pc, record, descriptions);
  for (const method of connectionMethods) {
    wrap(pc, method, record, hooks, {
      before: ([first]) => {
        if (method === 'setLocalDescription') descriptions.begin('local', isRollback(first));
        if (method === 'setRemoteDescription') descriptions.begin('remote', isRollback(first));
      },
      after: (outcome, [first], result) => {
        if (method.endsWith('Description')) descriptions.settle(outcome.ok);
        if (!outcome.ok) return;
        if (method === 'addIceCandidate') record(remoteCandidate(first));
        if (method === 'createDataChannel') recordChannel(result as RTCDataChannel, 'local', record);
        if (method === 'addTrack') recordSender(result as RTCRtpSender, record, hooks);
        if (method === 'addTransceiver') recordTransceiver(result as RTCRtpTransceiver, record, hooks);
      },
    });
  }
}

/** What is being set with setLocalDescription and setRemoteDescription, in the order in which it is carried out. */
interface Descriptions {
  /** A rollback brings no description: what is in force afterwards was recorded when it was set. */
  begin(side: 'local' | 'remote', isRollback: boolean): void;
  /** The signaling state has changed: the oldest one is in force, its promise resolves right after. */
  applied(): void;
  settle(ok: boolean): void;
}

/** The operations chain (webrtc-pc §4.4.1.2) carries out one after the other, so a queue knows whose turn it is. */
function trackDescriptions(pc: RTCPeerConnection, record: Record): Descriptions {
  const queue: { side: 'local' | 'remote'; recorded: boolean }[] = [];
  const ofSide = (side: 'local' | 'remote') =>
    side === 'local' ? pc.localDescription : pc.remoteDescription;
  /** What was in force on that side before it was the oldest one's turn. */
  let before: string | undefined;
  const nextTurn = () => (before = queue[0] && ofSide(queue[0].side)?.sdp);
  const note = (isSettled: boolean) => {
    const [oldest] = queue;
    if (!oldest || oldest.recorded) return;
    const description = ofSide(oldest.side);
    // Firefox tells of an implicit rollback by a «stable» of its own, when the new description is not set yet.
    if (!description || (!isSettled && description.sdp === before)) return;
    oldest.recorded = true;
    record({ kind: 'description', side: oldest.side, type: description.type, sdp: description.sdp });
  };
  return {
    begin: (side, rollsBack) => {
      if (queue.push({ side, recorded: rollsBack }) === 1) nextTurn();
    },
    applied: () => note(false),
    settle: (ok) => {
      if (ok) note(true);
      queue.shift();
      nextTurn();
    },
  };
}

const isRollback = (description: unknown): boolean =>
  (description as RTCSessionDescriptionInit | undefined)?.type === 'rollback';

/**
 * Transports appear with the descriptions (webrtc-pc §4.4.1.5); each tells its own states from then on.
 *
 * An offerer that does not know yet whether the other side bundles has one for each m-section. Those that the answer
 * makes superfluous (RFC 9143 §7.3.3) never begin, and are left out.
 */
function watchTransports(pc: RTCPeerConnection, record: Record): () => void {
  const known = new WeakSet<RTCDtlsTransport>();
  return () => {
    if (!isAnswered(pc.signalingState)) return;
    const media = pc
      .getTransceivers()
      .map(({ mid, sender, receiver }) => ({ mid, transport: sender.transport ?? receiver.transport }));
    const data = { mid: midOfData(pc), transport: pc.sctp?.transport };
    for (const { mid, transport } of [...media, data]) {
      if (!transport || known.has(transport)) continue;
      known.add(transport);
      const state = () =>
        record({ kind: 'dtls-transport-state', state: transport.state, ...(mid !== null && { mid }) });
      state();
      transport.addEventListener('statechange', state);
    }
  };
}

const isAnswered = (state: RTCSignalingState) => state === 'stable' || state.endsWith('pranswer');

function midOfData(pc: RTCPeerConnection): string | null {
  const [, section = ''] = pc.localDescription?.sdp.split(/^m=application/m) ?? [];
  return /^a=mid:(\S+)/m.exec(section.split(/^m=/m)[0] ?? '')?.[1] ?? null;
}

function recordEvents(pc: RTCPeerConnection, record: Record, descriptions: Descriptions): void {
  const transports = watchTransports(pc, record);
  /** Events of the browser's own: one that code has dispatched is no news of the connection. */
  const on = <K extends keyof RTCPeerConnectionEventMap>(
    name: K,
    listener: (event: RTCPeerConnectionEventMap[K]) => void,
  ) => pc.addEventListener(name, (event) => void (event.isTrusted && listener(event)));
  on('negotiationneeded', () => record({ kind: 'negotiation-needed' }));
  on('signalingstatechange', () => {
    descriptions.applied(); // the description first, then the state that it brought
    record({ kind: 'signaling-state', state: pc.signalingState });
    transports();
  });
  on('icegatheringstatechange', () => record({ kind: 'ice-gathering-state', state: pc.iceGatheringState }));
  on('iceconnectionstatechange', () =>
    record({ kind: 'ice-connection-state', state: pc.iceConnectionState }),
  );
  on('connectionstatechange', () => record({ kind: 'connection-state', state: pc.connectionState }));
  on('icecandidate', ({ candidate }) => {
    // Firefox ends each m-section with an empty candidate and then all with null: one entry says it.
    if (candidate?.candidate) record({ kind: 'candidate', side: 'local', ...candidateFields(candidate) });
    else if (!candidate) record({ kind: 'end-of-candidates', side: 'local' });
  });
  on('icecandidateerror', ({ url, errorCode, errorText, address, port }) =>
    // JSON has no undefined, which a browser without these two members gives.
    record({
      kind: 'candidate-error',
      url,
      errorCode,
      errorText,
      address: address ?? null,
      port: port ?? null,
    }),
  );
  on('track', ({ track, streams, transceiver }) => {
    const { mid } = transceiver;
    const kind = track.kind === 'audio' ? 'audio' : 'video';
    record({ kind: 'track', track: kind, mid, streams: streams.map(({ id }) => id) });
    const state = (name: 'muted' | 'unmuted' | 'ended') => () =>
      record({ kind: 'track-state', track: kind, mid, state: name });
    track.addEventListener('mute', state('muted'));
    track.addEventListener('unmute', state('unmuted'));
    track.addEventListener('ended', state('ended'));
  });
  on('datachannel', ({ channel }) => recordChannel(channel, 'remote', record));
}

/** A file has a message for each of its chunks: what comes after so many in one direction is not recorded one by one. */
const MOST_MESSAGES = 1_000;

function recordChannel(channel: RTCDataChannel, side: 'local' | 'remote', record: Record): void {
  const { label } = channel;
  const state = () => {
    const { id, readyState } = channel;
    record({ kind: 'data-channel', label, side, state: readyState, ...(id !== null && { channelId: id }) });
  };
  state();
  for (const event of ['open', 'closing', 'close'] as const) channel.addEventListener(event, state);
  const count = { sent: 0, received: 0 };
  const message = (way: 'sent' | 'received', data: unknown) => {
    count[way] += 1;
    if (count[way] === MOST_MESSAGES + 1) {
      const text = `“${label}” has ${way} ${MOST_MESSAGES} messages: the record leaves out the rest; the statistics count them`;
      record({ kind: 'note', text });
    }
    if (count[way] > MOST_MESSAGES) return;
    record({
      kind: 'data-message',
      label,
      side: way,
      sizeBytes: sizeOf(data),
      preview: words(data).slice(0, 80),
    });
  };
  channel.addEventListener('message', ({ data }) => message('received', data));
  const send = channel.send.bind(channel) as (data: unknown) => void;
  Object.defineProperty(channel, 'send', {
    configurable: true,
    value: (data: unknown) => {
      send(data); // throws where it does unrecorded, and then nothing was sent
      message('sent', data);
    },
  });
}

function recordSender(sender: RTCRtpSender, record: Record, hooks: CallHooks): void {
  for (const method of ['replaceTrack', 'setParameters', 'setStreams'] as const)
    wrap(sender, method, record, hooks);
}

function recordTransceiver(transceiver: RTCRtpTransceiver, record: Record, hooks: CallHooks): void {
  for (const method of ['setCodecPreferences', 'stop'] as const) wrap(transceiver, method, record, hooks);
  recordSender(transceiver.sender, record, hooks);
}

interface Around {
  before?: (args: readonly unknown[]) => void;
  /** What the call gave, in words; the recorder's own when it is left out. */
  tell?: (result: unknown) => string;
  after?: (outcome: Outcome, args: readonly unknown[], result: unknown) => void;
}

/** Methods that give a promise and can therefore be held back without the code noticing more than a slow browser. */
const canWait: ReadonlySet<string> = new Set([
  'addIceCandidate',
  'applyConstraints',
  'createAnswer',
  'createOffer',
  'enumerateDevices',
  'getDisplayMedia',
  'getUserMedia',
  'replaceTrack',
  'selectAudioOutput',
  'setLocalDescription',
  'setParameters',
  'setRemoteDescription',
  'setSinkId',
]);

/** Records calls of methods of any object; see `recordCalls()` in record-calls.ts. */
export function recordMethods(
  target: object,
  methods: readonly string[],
  record: Record,
  hooks: CallHooks,
  around: Pick<Around, 'tell'> = {},
): void {
  for (const method of methods) wrap(target, method, record, hooks, around);
}

let calls = 0;
const recordedMethods = new WeakSet<Method>();

/** Puts a recording method in front of an object's own; a second time does nothing. */
function wrap(
  target: object,
  method: string,
  record: Record,
  hooks: CallHooks,
  { before, after, tell }: Around = {},
): void {
  const original = Reflect.get(target, method) as Method | undefined;
  // Missing in this browser: the lab's own call fails as it would unrecorded.
  if (!original || recordedMethods.has(original)) return;
  const invoke = (args: unknown[], line: number | undefined): unknown => {
    const call = ++calls;
    const startMs = performance.now();
    const settle = (outcome: Outcome, result?: unknown) => {
      after?.(outcome, args, result);
      record({ kind: 'call-settled', call, method, outcome, tookMs: performance.now() - startMs });
    };
    record({ kind: 'call', call, method, args: args.map(words), ...(line !== undefined && { line }) });
    before?.(args);
    try {
      const result = original.apply(target, args);
      if (isPromise(result)) {
        result.then(
          (value: unknown) => settle(success(value, tell), value),
          (error: unknown) => settle(failure(error)),
        );
      } else settle(success(result, tell), result);
      return result;
    } catch (error) {
      settle(failure(error));
      throw error;
    }
  };
  const recorded: Method = (...args) => {
    const line = hooks.locate?.();
    if (!hooks.take || !canWait.has(method)) return invoke(args, line);
    let isMade = false;
    const result = hooks.take(method, args, line, () => {
      isMade = true;
      return invoke(args, line);
    });
    if (isMade || !isPromise(result)) return result;
    // What still waits when the run ends never settles, as with a connection that was closed (webrtc-pc §4.4.1.2).
    return result.catch((error: unknown) =>
      isMade ? Promise.reject(error as Error) : new Promise(() => {}),
    );
  };
  recordedMethods.add(recorded);
  Object.defineProperty(target, method, { value: recorded, configurable: true, writable: true });
}

/** Also one of another page's: a bench may be somebody else's window's. */
const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function';

const success = (value: unknown, tell: (value: unknown) => string = words): Outcome =>
  value === undefined ? { ok: true } : { ok: true, value: tell(value) };
const failure = (error: unknown): Outcome =>
  error instanceof Error || error instanceof DOMException
    ? { ok: false, name: error.name, message: error.message }
    : { ok: false, name: 'Error', message: String(error) };

function candidateFields({ candidate, sdpMid, sdpMLineIndex, usernameFragment }: RTCIceCandidate) {
  return { candidate, sdpMid, sdpMLineIndex, usernameFragment };
}

function remoteCandidate(given: unknown): RtcEvent {
  const { candidate = '', sdpMid, sdpMLineIndex, usernameFragment } = (given ?? {}) as RTCIceCandidateInit;
  if (!candidate) return { kind: 'end-of-candidates', side: 'remote' };
  return {
    kind: 'candidate',
    side: 'remote',
    candidate,
    sdpMid: sdpMid ?? null,
    sdpMLineIndex: sdpMLineIndex ?? null,
    usernameFragment: usernameFragment ?? null,
  };
}
