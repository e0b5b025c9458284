/**
 * A STUN server with two addresses and two ports, which answers from where it is asked to: what a NAT has to be measured
 * with. Runs in the namespace `probe` and ends with its standard input.
 *
 * @see RFC 5780 §7.2 (CHANGE-REQUEST)
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodeMessage, encodeMessage, valueOf, xorAddress } from '../../src/protocol/stun/message.ts';
import { attributes, methods } from '../../src/protocol/stun/names.ts';
import { CHANGE_ADDRESS, CHANGE_PORT, PROBE_PORTS } from './probe.ts';

const addresses = process.argv.slice(2);
const sockets: Socket[][] = addresses.map(() => PROBE_PORTS.map(() => createSocket('udp4')));
for (const [a, address] of addresses.entries())
  for (const [p, port] of PROBE_PORTS.entries()) {
    const socket = sockets[a]?.[p];
    socket?.on('message', (bytes, { address: from, port: fromPort }) => {
      const request = decodeMessage(bytes);
      if (request?.class !== 'request' || request.method !== methods.Binding) return;
      const change = valueOf(request, attributes.CHANGE_REQUEST)?.[3] ?? 0;
      const answer = encodeMessage({
        class: 'success',
        method: request.method,
        transactionId: request.transactionId,
        attributes: [
          {
            type: attributes.XOR_MAPPED_ADDRESS,
            value: xorAddress({ address: from, port: fromPort }, request.transactionId),
          },
        ],
      });
      const whence = sockets[change & CHANGE_ADDRESS ? 1 - a : a]?.[change & CHANGE_PORT ? 1 - p : p];
      whence?.send(answer, fromPort, from);
    });
    socket?.bind(port, address);
  }
await Promise.all(sockets.flat().map((socket) => once(socket, 'listening')));
console.log('ready');
process.stdin.resume().on('end', () => process.exit());
