import type { Instance, SignalData } from 'simple-peer';
import type { Participant } from '../../lab-kit/compare/define.ts';
import type { Signal } from '../../protocol/signaling.ts';
import { join } from './signaling.ts';

/**
 * Carries what simple-peer wants to be carried: it has no signaling of its own. One peer for each of the others, each
 * made with `make()` once all of them are there.
 */
export async function carry(
  me: Participant,
  make: (other: string) => Instance,
): Promise<readonly [Instance, ...Instance[]]> {
  const signaling = await join(me);
  const peers = new Map(me.others.map((other) => [other, make(other)]));
  for (const [other, peer] of peers) {
    peer.on('signal', (data) => {
      const signal = toSignal(data);
      if (signal) void signaling.send(other, signal);
      else me.tell(`simple-peer wanted to send “${data.type}”`); // [1]
    });
    peer.on('error', ({ message }) => me.tell(`simple-peer: ${message}`)); // [2]
    me.signal.addEventListener('abort', () => peer.destroy());
  }
  signaling.receive((from, signal) => {
    const peer = peers.get(from);
    if (peer && !peer.destroyed) peer.signal(fromSignal(signal)); // [3]
  });
  return [...peers.values()] as [Instance, ...Instance[]];
}

/** As the signaling of this site has it; undefined for what it does not carry. */
export function toSignal(data: SignalData): Signal | undefined {
  if ('candidate' in data) return { candidate: data.candidate };
  return 'sdp' in data ? { description: { type: data.type, sdp: data.sdp ?? '' } } : undefined;
}

export const fromSignal = (signal: Signal): SignalData =>
  'candidate' in signal
    ? { type: 'candidate', candidate: signal.candidate as RTCIceCandidate }
    : signal.description;
/*
[1] The one that is not the initiator cannot offer: it asks for an offer with messages of simple-peer's own, `renegotiate`
    and `transceiverRequest`. This site's signaling carries descriptions and candidates, and no task here needs more.
[2] A stream whose error nobody hears throws it.
[3] It keeps candidates that are early, and sets descriptions without being waited for. After destroy() it would throw.
*/
