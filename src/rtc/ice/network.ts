/** The browser's own, as it was when this was loaded: a question of ours is no connection of whoever is recorded. */
const NativeConnection = globalThis.RTCPeerConnection;

/** A browser that has an interface names its first candidate within a fraction of this. */
const FIRST_CANDIDATE_MS = 1_500;
/** How long a second connection, that may use every kind of candidate, has to find one. */
const PROBE_MS = 1_000;

/**
 * Watches a connection for gathering that will never find anything, because no network interface is up.
 *
 * No specification lets a browser say so: Chromium stays in `gathering` for ever, Firefox does not enter it, or says
 * `complete`. A connection that may only use relays has nothing to show while its TURN server is slow, so that a second
 * connection, free to name its host candidates, is asked before.
 *
 * @param signal ends the watch
 * @param onMissing called at most once, within 3 s after the local description
 */
export function watchNetwork(pc: RTCPeerConnection, signal: AbortSignal, onMissing: () => void): void {
  const done = new AbortController();
  const listening = { signal: AbortSignal.any([signal, done.signal]) };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    clearTimeout(timer);
    done.abort();
  };
  let asked = false;
  const ask = async () => {
    if (asked) return;
    asked = true;
    const isThere = await hasNetwork(listening.signal);
    if (listening.signal.aborted) return;
    end();
    if (!isThere) onMissing();
  };
  const look = () => {
    if (hasCandidates(pc) || pc.signalingState === 'closed') end();
    else if (pc.localDescription && hasSections(pc.localDescription)) {
      const isOver = pc.iceGatheringState === 'complete' || pc.connectionState === 'failed';
      if (isOver) void ask();
      else timer ??= setTimeout(() => void ask(), FIRST_CANDIDATE_MS);
    }
  };
  for (const event of ['signaling', 'icegathering', 'connection'])
    pc.addEventListener(`${event}statechange`, look, listening);
  pc.addEventListener('icecandidate', look, listening);
  signal.addEventListener('abort', end, { once: true, signal: done.signal });
}

/** Whether the search has come upon anything so far. */
export const hasCandidates = ({ localDescription }: RTCPeerConnection): boolean =>
  /^a=candidate:/m.test(localDescription?.sdp ?? '');

/** Without an m-section there is nothing to gather for. */
const hasSections = ({ sdp }: RTCSessionDescription): boolean => /^m=/m.test(sdp);

/** Whether this browser finds an address of its own within a second, with no server asked. */
export async function hasNetwork(signal: AbortSignal): Promise<boolean> {
  const pc = new NativeConnection();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]);
  try {
    const looked = new Promise<void>((resolve) => {
      pc.addEventListener('icecandidate', () => resolve()); // the first, or the end
      limit.addEventListener('abort', () => resolve(), { once: true });
    });
    pc.createDataChannel('probe');
    await pc.setLocalDescription();
    await looked;
    return hasCandidates(pc);
  } finally {
    pc.close();
  }
}
