import type { Way } from './kinds.ts';

/** The selected pair as one peer sees it. */
export interface End {
  readonly local: RTCIceCandidateType;
  readonly remote: RTCIceCandidateType;
  /** Of its own relay candidate: how it reaches the TURN server. */
  readonly relayProtocol?: string;
}

/** What came of a call. */
export interface Outcome {
  readonly connected: boolean;
  readonly a?: End;
  readonly b?: End;
  /** From the first offer to the connection, in milliseconds. */
  readonly afterMs?: number;
}

/** Which way a call took, by the pair that both ends have selected. */
export function wayOf({ connected, a, b }: Outcome): Way | 'home' {
  if (!connected || !a || !b) return 'none';
  if ([a, b].some(({ local, relayProtocol }) => local === 'relay' && relayProtocol === 'tcp'))
    return 'relay-tcp';
  // One end may still send to a relay that the other has turned away from.
  if ([a, b].some(({ local, remote }) => local === 'relay' || remote === 'relay')) return 'relay-udp';
  return a.local === 'host' && b.local === 'host' ? 'home' : 'direct';
}
