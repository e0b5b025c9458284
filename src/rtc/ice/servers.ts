import type { Answer, IcePath } from '../../protocol/signaling.ts';
import { RtcError } from '../errors.ts';

/** A way to a server: asking only where one comes from, or relaying over UDP, TCP or TLS. */
export type IceTransport = 'stun' | 'udp' | 'tcp' | 'tls';

export interface IceServersOptions {
  /** Only these; all that the server offers when left out. */
  readonly transports?: readonly IceTransport[];
  /** Through what the packets go; straight when left out. */
  readonly path?: IcePath;
}

/**
 * The servers of an answer as an `RTCConfiguration` takes them, without the ways that are not wanted.
 *
 * @throws {RtcError} `turn-unavailable` when none is left
 */
export function chosenServers(
  { servers, source }: Pick<Answer<'ice:servers'>, 'servers' | 'source'>,
  transports: readonly IceTransport[] = ['stun', 'udp', 'tcp', 'tls'],
): RTCIceServer[] {
  if (source === 'off')
    throw new RtcError('turn-unavailable', 'This server was started without STUN and TURN (TURN=off).');
  const chosen = servers
    .map((server) => ({
      ...server,
      urls: server.urls.filter((url) => transports.includes(transportOf(url))),
    }))
    .filter(({ urls }) => urls.length > 0);
  if (chosen.length > 0) return chosen;
  const ways = transports.map((transport) => words[transport]).join(' or ');
  throw new RtcError('turn-unavailable', `This server offers no ${ways}.`);
}

/** How a STUN or TURN URL is reached (RFC 7064 §3.1, RFC 7065 §3.1); `turn:` alone means UDP. */
export function transportOf(url: string): IceTransport {
  if (/^stuns?:/i.test(url)) return 'stun';
  if (/^turns:/i.test(url)) return 'tls';
  return /[?&]transport=tcp$/i.test(url) ? 'tcp' : 'udp';
}

const words: Record<IceTransport, string> = {
  stun: 'STUN',
  udp: 'TURN over UDP',
  tcp: 'TURN over TCP',
  tls: 'TURN over TLS',
};
