import { decodeMessage } from '../../src/protocol/stun/message.ts';
import type { Sighting } from '../../src/rtc/recording/merge.ts';
import type { Passing } from './hops.ts';
import { SERVER } from './topology.ts';

/**
 * What passed the hops, as entries of a run.
 *
 * A router shows a message twice: as it came, `received`, and as it went on, `sent`, with the other address. One that
 * was received and never sent was dropped by its filter. Each belongs to the peer in whose home it began or was to end,
 * which shows on the inside only: on the outside it is recognised by its transaction id.
 *
 * @param clock gives the time of the run for one of the wall clock, both in milliseconds
 * @param labels the peers by the addresses of their devices
 */
export function sightingsOf(
  passed: readonly Passing[],
  clock: (wallMs: number) => number,
  labels: Readonly<Record<string, string>>,
): Sighting[] {
  // An address of a home means something in that home only; elsewhere it may be another device's, or nobody's.
  const labelOf = ({ side, source, destination }: Passing) =>
    [source, destination]
      .map(hostOf)
      .filter((host) => side === 'inside' || !host.startsWith('10.'))
      .map((host) => labels[host])
      .find((label) => label !== undefined);
  const byTransaction = new Map<string, string>();
  const messages = passed.filter(isOnItsWay).flatMap((passing) => {
    const id = decodeMessage(passing.bytes)?.transactionId;
    return id ? [{ passing, id: Buffer.from(id).toString('hex') }] : [];
  });
  for (const { passing, id } of messages) {
    const label = labelOf(passing);
    if (label === undefined) continue;
    byTransaction.set(`${passing.at} ${id}`, label);
    // For the server: who spoke to it, not who was spoken of.
    if (!byTransaction.has(id)) byTransaction.set(id, label);
  }
  return messages.map(({ passing, id }): Sighting => {
    const { at, way, atMs, transport, source, destination, bytes } = passing;
    return {
      kind: 'wire-message',
      peer: labelOf(passing) ?? byTransaction.get(`${at} ${id}`) ?? byTransaction.get(id) ?? 'lab',
      atMs: clock(atMs),
      at,
      way,
      transport,
      source,
      destination,
      bytes: Buffer.from(bytes).toString('base64'),
    };
  });
}

/** What goes to an address of a home that is not this one ends on the internet; that our server is the gateway is no news. */
const isOnItsWay = ({ at, source, destination }: Passing): boolean =>
  at !== 'server' || [source, destination].some((end) => hostOf(end) === SERVER);

const hostOf = (endpoint: string): string => endpoint.slice(0, endpoint.lastIndexOf(':'));
