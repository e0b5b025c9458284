import type { Bench } from '../bench.ts';
import { RtcError } from '../errors.ts';
import type { PeerLabel } from '../timeline.ts';

/**
 * Lets a peer's network change: our TURN server forgets what the peer holds there, and tells nobody. The old path is dead;
 * whoever asks for a new allocation gets one.
 *
 * @throws {RtcError} `bad-input` when the peer holds nothing there, `turn-unavailable` or `signaling-lost` without a server
 */
export async function changeNetwork(bench: Bench, peer: PeerLabel): Promise<void> {
  const wire = await bench.wire();
  const { ended } = await wire.ask('wire:end', { peer });
  if (ended === 0) throw new RtcError('bad-input', `${peer} holds nothing at the relay that could be lost.`);
  if (bench.signal.aborted) return;
  const text = `${peer}’s network changes: the relay has forgotten ${peer}, and does not say so`;
  bench.timeline.append(peer, { kind: 'fault', fault: 'network', text });
}
