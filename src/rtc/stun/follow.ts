import type { Answer, EventName, EventPayload, Payload } from '../../protocol/signaling.ts';
import type { Run } from '../bench.ts';
import { RtcError } from '../errors.ts';
import { parseCandidate } from '../ice/candidate.ts';
import type { Entry, PeerLabel } from '../timeline.ts';

type Asked = 'wire:watch' | 'wire:claim';

/** The page's own line to its server, as far as it is needed here. */
export interface WireLine {
  ask<N extends Asked>(name: N, payload: Payload<N>): Promise<Answer<N>>;
  on<E extends EventName>(event: E, handle: (payload: EventPayload<E>) => void): void;
  onReturn(handle: () => void): void;
}

/**
 * Records what the STUN/TURN server gets from the peers of a run and sends to them, and what it holds for them.
 *
 * A Binding request says no user name. So the port of each candidate that a peer gathers is named to the server: what
 * came from there, and comes, is ours.
 *
 * @param peers those of this page
 */
export async function followWire(
  line: WireLine,
  { timeline, signal }: Pick<Run, 'timeline' | 'signal'>,
  peers: readonly PeerLabel[],
): Promise<void> {
  const labelOf = (peer: string): PeerLabel => (peers.includes(peer) ? peer : 'lab');
  line.on('wire:messages', ({ messages, missed }) => {
    if (signal.aborted) return;
    for (const { peer, ...message } of messages)
      timeline.append(labelOf(peer), { kind: 'wire-message', at: 'server', ...message });
    if (missed > 0)
      timeline.append('lab', {
        kind: 'note',
        text: `${missed} messages at the STUN/TURN server came too fast or were too long: they are not shown.`,
      });
  });
  line.on('wire:allocations', ({ list }) => {
    if (!signal.aborted)
      timeline.append('lab', {
        kind: 'allocations',
        list: list.map((one) => ({ ...one, peer: labelOf(one.peer) })),
      });
  });
  try {
    await line.ask('wire:watch', {});
  } catch (error) {
    if (!(error instanceof RtcError) || error.code !== 'turn-unavailable') throw error;
    const text = `What crosses the STUN/TURN server cannot be shown: ${error.message}`;
    timeline.append('lab', { kind: 'note', text });
    return;
  }

  const claims = new Map<string, Payload<'wire:claim'>>();
  const claim = (payload: Payload<'wire:claim'>) => {
    // Without it a message or two are not seen; the run goes on all the same.
    line.ask('wire:claim', payload).catch(() => {});
  };
  const note = (entry: Entry) => {
    const found = claimOf(entry, peers);
    if (!found || claims.has(`${found.peer} ${found.port}`)) return;
    claims.set(`${found.peer} ${found.port}`, found);
    claim(found);
  };
  for (const entry of timeline.entries) note(entry);
  timeline.subscribe(note, signal);
  line.onReturn(() => {
    line.ask('wire:watch', {}).then(
      () => [...claims.values()].forEach(claim),
      () => {},
    );
  });
}

/** The port that a UDP candidate of ours tells of: its own socket's, or that which a server sees in its place. */
function claimOf(entry: Entry, peers: readonly PeerLabel[]): Payload<'wire:claim'> | undefined {
  if (entry.kind !== 'candidate' || entry.side !== 'local' || !peers.includes(entry.peer)) return undefined;
  const parsed = parseCandidate(entry.candidate);
  if (parsed.kind !== 'candidate') return undefined;
  const { type, protocol, address, port } = parsed.candidate;
  if ((type !== 'host' && type !== 'srflx') || protocol !== 'udp' || port === 0) return undefined;
  // Instead of its address a host candidate may have a name that only its own network can resolve (mDNS).
  const isLiteral = /^[\d.]+$|:/.test(address);
  return { peer: entry.peer, port, ...(isLiteral && { address }) };
}
