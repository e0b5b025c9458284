import type { Place } from '../protocol/signaling.ts';
import type { Seat } from '../rtc/bench.ts';
import { RtcError } from '../rtc/errors.ts';
import { openBroadcast } from '../rtc/signaling/broadcast.ts';
import { openLoopback } from '../rtc/signaling/loopback.ts';
import type { Pairing, Rendezvous } from '../rtc/signaling/rendezvous.ts';
import type { Carrier } from '../rtc/signaling/signaling.ts';
import type { Arrangement, LabDefinition } from './define.ts';

/** What carries the signals when all peers are in this page. */
export async function carryInPage(
  lab: Pick<LabDefinition, 'carrier' | 'signaling'>,
  seats: readonly Seat[],
  signal: AbortSignal,
): Promise<Carrier> {
  if (lab.carrier) return lab.carrier(signal);
  if (lab.signaling === 'loopback') return openLoopback(signal);
  const { openServerCarrier } = await loadServerClient();
  return openServerCarrier(seats, signal);
}

/** Where the peer of this page meets the other one. */
export async function meetElsewhere(
  arrangement: Exclude<Arrangement, 'one-page'>,
  room: string,
  place: Place,
  signal: AbortSignal,
): Promise<Rendezvous> {
  if (arrangement === 'two-tabs') return openBroadcast(room, signal);
  const { openServerRendezvous } = await loadServerClient();
  return openServerRendezvous(room, signal, arrangement === 'bot' ? { bot: true } : { place });
}

/** The carrier of a run with one peer here and one elsewhere: a pairing, with the names that the run uses. */
export function pairCarrier(pairing: Pairing, { self, other }: Seat): Carrier {
  return {
    post: ({ signal }) => pairing.post(signal),
    deliver: (receiver) => pairing.deliver((id, signal) => receiver({ id, from: other, to: self, signal })),
  };
}

/** Socket.IO and its schemas: 30 kB that a lab without a server does not load. @throws {RtcError} `signaling-lost` */
export async function loadServerClient(): Promise<typeof import('../rtc/signaling/socket.ts')> {
  try {
    return await import('../rtc/signaling/socket.ts');
  } catch (cause) {
    throw new RtcError('signaling-lost', 'The server did not deliver the code that talks to it.', { cause });
  }
}
