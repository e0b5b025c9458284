import type { Run } from '../bench.ts';
import { parseCandidate, type Candidate } from '../ice/candidate.ts';
import { openPeer } from '../peer.ts';
import type { PeerLabel } from '../timeline.ts';
import type { CandidateError, FoundCandidate, GatheringObservation, MappedAddress } from './observations.ts';
import { isTurn } from './observations.ts';
import type { Server } from './urls.ts';

/** After the first candidate of a server the other interfaces get this long. */
const SETTLE_MS = 700;
/** What a server on the other side of the world needs several times over, TLS included. */
const PROBE_MS = 6_000;

/** A URL as the constructor takes it. */
export function toIceServer({ url, username, credential }: Server): RTCIceServer {
  return {
    urls: url,
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  };
}

/**
 * Gathers with one URL alone, so that every candidate and every error is this server's.
 *
 * It never waits for `complete`: a browser that has a silent server in its list gets there after 40 s, and one without a
 * network never. What the server gave by then is the answer.
 *
 * @param signal ends the probe early, with what there is
 * @throws {RtcError} `webrtc-unsupported`, or `stopped` when the run has ended
 */
export async function probe(
  server: Server,
  bench: Run,
  label: PeerLabel,
  { timeoutMs = PROBE_MS, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<GatheringObservation> {
  const startMs = performance.now();
  const wanted = isTurn(server) ? 'relay' : 'srflx';
  const candidates: FoundCandidate[] = [];
  const errors: CandidateError[] = [];
  const done = (
    ended: GatheringObservation['ended'],
    refusal: string | null = null,
  ): GatheringObservation => ({
    ended,
    tookMs: Math.round(performance.now() - startMs),
    candidates,
    errors,
    refusal,
  });
  let pc: RTCPeerConnection;
  try {
    pc = openPeer(label, bench, {
      iceServers: [toIceServer(server)],
      iceTransportPolicy: isTurn(server) ? 'relay' : 'all',
    });
  } catch (error) {
    if (error instanceof DOMException) return done('refused', `${error.name}: ${error.message}`);
    throw error;
  }
  const { promise, resolve } = Promise.withResolvers<GatheringObservation['ended']>();
  const end = new AbortController();
  const listening = { signal: end.signal };
  pc.addEventListener(
    'icecandidate',
    ({ candidate }) => {
      const found = candidate && read(candidate);
      if (!found || found.type !== wanted) return;
      if (candidates.length === 0) setTimeout(() => resolve('enough'), SETTLE_MS);
      const { address, port } = found;
      candidates.push({ type: wanted, address, port, atMs: Math.round(performance.now() - startMs) });
    },
    listening,
  );
  pc.addEventListener(
    'icecandidateerror',
    (event) => errors.push(readError(event, performance.now() - startMs)),
    listening,
  );
  pc.addEventListener(
    'icegatheringstatechange',
    // Errors and the last candidates come in tasks of their own, in some browsers right after this one.
    () => pc.iceGatheringState === 'complete' && setTimeout(() => resolve('complete'), 50),
    listening,
  );
  const stop = () => resolve('stopped');
  bench.signal.addEventListener('abort', stop, listening);
  signal?.addEventListener('abort', stop, listening);
  const timer = setTimeout(() => resolve('deadline'), timeoutMs);
  try {
    pc.createDataChannel('check'); // without an m-section there is nothing to gather for
    await pc.setLocalDescription();
    return done(signal?.aborted ? 'stopped' : await promise);
  } finally {
    clearTimeout(timer);
    end.abort();
    pc.close();
  }
}

/**
 * Asks several STUN servers from the same sockets: a NAT that gives each destination another port is a symmetric one.
 *
 * @see RFC 4787 §4.1 (mapping behaviour), RFC 5780 §4.3 (the test, which needs a server with two addresses)
 */
export async function mappedAddresses(
  servers: readonly Server[],
  bench: Run,
  label: PeerLabel,
  timeoutMs = PROBE_MS,
): Promise<MappedAddress[]> {
  const mapped: MappedAddress[] = [];
  const pc = openPeer(label, bench, { iceServers: servers.map(toIceServer) });
  const { promise, resolve } = Promise.withResolvers<void>();
  pc.addEventListener('icecandidate', ({ candidate }) => {
    const found = candidate && read(candidate);
    if (found?.type !== 'srflx') return;
    if (mapped.length === 0) setTimeout(resolve, SETTLE_MS * 2);
    const { address, port, relatedAddress = '', relatedPort = 0 } = found;
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    // With mDNS the base is blanked; there is then one socket for each family, since only the default route is used.
    const base = relatedPort === 0 ? family : `${relatedAddress}:${relatedPort}`;
    if (!mapped.some((one) => one.base === base && one.address === address && one.port === port))
      mapped.push({ base, address, port });
  });
  pc.addEventListener('icegatheringstatechange', () => pc.iceGatheringState === 'complete' && resolve());
  bench.signal.addEventListener('abort', () => resolve(), { once: true });
  const timer = setTimeout(resolve, timeoutMs);
  pc.createDataChannel('check');
  await pc.setLocalDescription();
  await promise;
  clearTimeout(timer);
  pc.close();
  return mapped;
}

/** A candidate of an event, by its text: browsers differ in which members they fill in. */
export function read({ candidate }: RTCIceCandidate): Candidate | undefined {
  const parsed = parseCandidate(candidate);
  return parsed.kind === 'candidate' ? parsed.candidate : undefined;
}

/** @param atMs milliseconds since the gathering began */
export function readError(event: RTCPeerConnectionIceErrorEvent, atMs: number): CandidateError {
  const { errorCode, errorText, address } = event;
  const family = !address ? 'unknown' : address.includes(':') ? 'ipv6' : 'ipv4';
  return { code: errorCode, text: errorText.slice(0, 200), family, atMs: Math.round(atMs) };
}
