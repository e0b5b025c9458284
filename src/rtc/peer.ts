import type { Run } from './bench.ts';
import { RtcError } from './errors.ts';
import { hasCandidates, hasNetwork, watchNetwork } from './ice/network.ts';
import { MAX_PAIRS, PairWatcher, type Checklist } from './ice/pairs.ts';
import { isRefusal, refusalError, type Refusal } from './ice/refusal.ts';
import { hooksOf } from './record-calls.ts';
import { recordPeer } from './recorder.ts';
import { StatsSampler } from './stats/sampler.ts';
import { endWords } from './stats/selected-pair.ts';
import type { PeerLabel, RtcEvent } from './timeline.ts';
import { withoutSecrets } from './words.ts';

/** How often a connection is asked for its statistics. */
const STATS_INTERVAL_MS = 1000;

/**
 * Opens a real `RTCPeerConnection`, recorded: each call with its arguments and outcome, each event and state,
 * each description and candidate, and a sample of its statistics every second. It closes with the bench.
 *
 * @param configuration as for the constructor (webrtc-pc §4.2.1); credentials are left out of the record
 * @throws {RtcError} `webrtc-unsupported` where the browser has none; `stopped` when the run has ended already
 * @throws {DOMException} what the constructor says of a wrong configuration
 */
export function openPeer(
  name: PeerLabel,
  bench: Run,
  configuration: RTCConfiguration = {},
): RTCPeerConnection {
  if (typeof RTCPeerConnection === 'undefined') throw new RtcError('webrtc-unsupported');
  if (bench.signal.aborted) throw new RtcError('stopped');
  const configured = bench.interference?.configure(name, configuration, bench) ?? configuration;
  const pc = new RTCPeerConnection(configured);
  capturePeer(name, bench, pc, configured);
  return pc;
}

/**
 * Records a connection that was just constructed, whoever did it, as {@link openPeer} says. It closes with the bench.
 *
 * @param configured what its constructor was given
 */
export function capturePeer(
  name: PeerLabel,
  bench: Run,
  pc: RTCPeerConnection,
  configured: RTCConfiguration,
): void {
  const record = (event: RtcEvent) => void bench.timeline.append(name, event);
  record({ kind: 'peer-opened', configuration: withoutSecrets(configured) });
  recordPeer(pc, record, hooksOf(name, bench));
  bench.seat?.(name, pc);
  pc.addEventListener('icecandidateerror', (event) => {
    if (isRefusal(event) && !refusals.has(pc)) refusals.set(pc, event);
  });
  const isMissing = new AbortController();
  networkMissing.set(pc, isMissing.signal);
  watchNetwork(pc, bench.signal, () => {
    record({ kind: 'error', code: 'no-network', detail: `${name} found no candidate.` });
    isMissing.abort();
  });
  const pairs = new PairWatcher(pc, { signal: bench.signal, onChange: recordPairs(record) });
  void new StatsSampler(pc, {
    intervalMs: STATS_INTERVAL_MS,
    ...(bench.wantsSample && { wants: bench.wantsSample }),
    signal: bench.signal,
    onSample: (sample) => record({ kind: 'stats', sample }),
    onReport: (report) => pairs.take(report),
  });
  const close = pc.close.bind(pc);
  const end = () => {
    if (pc.signalingState === 'closed') return;
    close();
    record({ kind: 'peer-closed' }); // close() fires no event (webrtc-pc §4.4.1.1)
  };
  Object.defineProperty(pc, 'close', { value: end, configurable: true });
  bench.signal.addEventListener('abort', end, { once: true });
}

/** With what a server refused a connection first. */
const refusals = new WeakMap<RTCPeerConnection, Refusal>();
/** Aborted when it turned out that the connection has no network to look for candidates in. */
const networkMissing = new WeakMap<RTCPeerConnection, AbortSignal>();

/** Records the checklist, and the pair that is selected each time it is another one. */
function recordPairs(record: (event: RtcEvent) => void): (checklist: Checklist) => void {
  let isNoted = false;
  let before: string | undefined;
  return ({ leftOut, ...checklist }) => {
    record({ kind: 'candidate-pairs', ...checklist });
    const selected = checklist.pairs.find((pair) => pair.selected);
    if (selected && selected.id !== before)
      record({
        kind: 'selected-candidate-pair',
        local: endWords(selected.local),
        remote: endWords(selected.remote),
      });
    before = selected?.id ?? before;
    if (leftOut === 0 || isNoted) return;
    isNoted = true;
    record({
      kind: 'note',
      text: `more than ${MAX_PAIRS} candidate pairs: the record keeps the most advanced of them`,
    });
  };
}

/** Relay candidates only: a TURN server that is alive has answered within a fraction of this. */
const FIRST_CANDIDATE_MS = 5_000;

/**
 * Resolves when the connection is up; rejects when it failed, when the run ended, or when the time is over.
 *
 * The deadlines are needed: Chromium stays in `new` when no remote candidate ever comes, and never says `failed`; and
 * with a TURN server that keeps silent it gathers for 40 s.
 *
 * @param timeoutMs milliseconds, 1 or more
 * @throws {RtcError} `ice-failed`, `dtls-failed`, `no-candidates`, `no-network`, `turn-unauthorized`,
 *   `turn-refused`, `connect-timeout`, `stopped`
 */
export function connected(pc: RTCPeerConnection, bench: Run, timeoutMs = 20_000): Promise<void> {
  const done = new AbortController();
  const deadline = (ms: number) => bench.deadline?.(ms) ?? AbortSignal.timeout(ms);
  const limit = AbortSignal.any([bench.signal, deadline(timeoutMs)]);
  const listening = { signal: AbortSignal.any([limit, done.signal]) };
  return new Promise<void>((resolve, reject) => {
    const look = () => {
      if (pc.connectionState === 'connected') resolve();
      if (pc.connectionState !== 'failed') return;
      if (foundNothing()) tellNothing();
      else reject(new RtcError(pc.iceConnectionState === 'connected' ? 'dtls-failed' : 'ice-failed'));
    };
    const foundNothing = () => pc.localDescription !== null && !hasCandidates(pc);
    const tellNothing = () => {
      const refusal = refusals.get(pc);
      if (refusal) return reject(refusalError(refusal));
      void hasNetwork(listening.signal).then((isThere) =>
        reject(new RtcError(isThere ? 'no-candidates' : 'no-network')),
      );
    };
    let first: AbortSignal | undefined;
    const lookAtGathering = () => {
      const giveUp = () => foundNothing() && tellNothing();
      if (pc.iceGatheringState === 'complete') giveUp();
      if (pc.iceGatheringState !== 'gathering' || first) return;
      first = deadline(FIRST_CANDIDATE_MS);
      first.addEventListener('abort', giveUp, { once: true, signal: listening.signal });
    };
    const giveUp = () => {
      if (bench.signal.aborted) return reject(new RtcError('stopped'));
      const states = `iceConnectionState is ${pc.iceConnectionState}, connectionState ${pc.connectionState}`;
      reject(new RtcError('connect-timeout', `After ${timeoutMs} ms ${states}.`));
    };
    pc.addEventListener('connectionstatechange', look, listening);
    pc.addEventListener('icegatheringstatechange', lookAtGathering, listening);
    limit.addEventListener('abort', giveUp, { once: true, signal: done.signal });
    rejectWithoutNetwork(pc, reject, listening.signal);
    look();
    lookAtGathering();
  }).finally(() => done.abort());
}

/**
 * Resolves when all local candidates are found (webrtc-pc §4.3.2).
 *
 * That can take 40 s when a STUN server never answers: only an exchange that allows a single message waits for it.
 *
 * @throws {RtcError} `no-network` when it would never end; `stopped` when the run ends before
 */
export function gatheringComplete(pc: RTCPeerConnection, bench: Run): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (pc.iceGatheringState === 'complete') resolve();
    };
    pc.addEventListener('icegatheringstatechange', look, { signal: bench.signal });
    bench.signal.addEventListener('abort', () => reject(new RtcError('stopped')), { once: true });
    rejectWithoutNetwork(pc, reject, bench.signal);
    look();
  });
}

function rejectWithoutNetwork(
  pc: RTCPeerConnection,
  reject: (error: RtcError) => void,
  signal: AbortSignal,
): void {
  const missing = networkMissing.get(pc);
  const refuse = () => reject(new RtcError('no-network'));
  if (missing?.aborted) refuse();
  else missing?.addEventListener('abort', refuse, { once: true, signal });
}
