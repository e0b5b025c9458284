import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { RelaySocket } from './flow.ts';
import type { WantedRelay } from './turn-server.ts';

/** The ports of relayed addresses, both ends included. */
export interface PortRange {
  readonly low: number;
  readonly high: number;
}

const ATTEMPTS = 40;
/** Bursts of video wait here while the process does something else. The system may give less. */
const RECEIVE_BUFFER_BYTES = 1 << 20;

/** A UDP socket for literal addresses: without the look-up of names that Node does for each packet. */
function createUdpSocket(address: string): Socket {
  const family = isIPv6(address) ? 6 : 4;
  const lookup = (
    name: string,
    _: unknown,
    found: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
  ) => found(null, name, family);
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    ipv6Only: family === 6,
    recvBufferSize: RECEIVE_BUFFER_BYTES,
    lookup,
  });
  // Such as an unreachable network, for one packet: the next one may arrive.
  socket.on('error', () => {});
  return socket;
}

/** @throws the system's error, such as `EADDRINUSE` */
export async function bindUdp(address: string, port: number): Promise<Socket> {
  const socket = createUdpSocket(address);
  try {
    const listening = once(socket, 'listening'); // before bind(): with such a look-up it happens at once
    socket.bind({ address, port, exclusive: true });
    await listening;
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

/**
 * Opens the socket of a relayed address at a random port of the range: a port that can be guessed invites guests
 * (RFC 8656 §7.2).
 *
 * @throws the system's last error when no port was free
 */
export async function openRelay(
  range: PortRange,
  { address, even, andNext }: WantedRelay,
): Promise<{ socket: RelaySocket; next?: RelaySocket }> {
  let last: unknown = new Error('the range holds no such port');
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const any = range.low + Math.floor(Math.random() * (range.high - range.low + 1));
    const port = even ? any & ~1 : any;
    if (port < range.low || (andNext && port + 1 > range.high)) continue;
    try {
      const socket = await bindUdp(address, port);
      if (!andNext) return { socket: relaySocket(socket) };
      try {
        return { socket: relaySocket(socket), next: relaySocket(await bindUdp(address, port + 1)) };
      } catch (error) {
        socket.close();
        throw error;
      }
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

function relaySocket(socket: Socket): RelaySocket {
  const { address, port } = socket.address();
  let open = true;
  return {
    local: { address, port },
    send: (bytes, start, sizeBytes, to) => {
      if (open) socket.send(bytes, start, sizeBytes, to.port, to.address);
    },
    onPacket: (receiver) => void socket.on('message', receiver),
    close: () => {
      if (!open) return;
      open = false;
      socket.close();
    },
  };
}
