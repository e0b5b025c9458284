/**
 * Measures the NAT in front of the namespace that it runs in and prints a {@link Measured} as JSON.
 *
 *     node probe.ts 203.0.113.20 203.0.113.21
 *
 * @see RFC 4787 §4.1, §5, §6 (what is measured), RFC 5780 §4.3 and §4.4 (how)
 */
import { createSocket, type Socket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Endpoint } from '../../src/protocol/stun/address.ts';
import { decodeMessage, encodeMessage, readXorAddress, valueOf } from '../../src/protocol/stun/message.ts';
import { attributes, methods } from '../../src/protocol/stun/names.ts';
import type { Behaviour, Dependence } from './kinds.ts';

/** The behaviour of a NAT; nothing but `udp: false` where no UDP comes through. */
export type Measured =
  { readonly udp: false } | ({ readonly udp: true; readonly hairpin: boolean } & Behaviour);

export const PROBE_PORTS = [3500, 3501] as const;
/** What CHANGE-REQUEST can ask for; RFC 5780 §7.2. */
export const CHANGE_ADDRESS = 0x04;
export const CHANGE_PORT = 0x02;

/** No answer for that long is none: everything is in this one machine. */
const SILENCE_MS = 900;
const AGAIN_MS = 200;

/** @param first address of the probe's server; the second is its other one */
async function measure(first: string, second: string): Promise<Measured> {
  const [port, otherPort] = PROBE_PORTS;
  const [filters, maps, sender] = await Promise.all([open(), open(), open()]);
  try {
    // The one socket has spoken to one address and port only; the other asks all three how it looks from there.
    const [opened, here, otherAddress, both] = await Promise.all([
      ask(filters, first, port),
      ask(maps, first, port),
      ask(maps, second, port),
      ask(maps, second, otherPort),
    ]);
    if (!opened || !here) return { udp: false };
    const [fromElsewhere, fromOtherPort, hairpin] = await Promise.all([
      ask(filters, first, port, CHANGE_ADDRESS | CHANGE_PORT),
      ask(filters, first, port, CHANGE_PORT),
      hears(maps, sender, here),
    ]);
    return {
      udp: true,
      mapping: dependence(here.port === otherAddress?.port, otherAddress?.port === both?.port),
      filtering: dependence(fromElsewhere !== undefined, fromOtherPort !== undefined),
      hairpin,
    };
  } finally {
    for (const socket of [filters, maps, sender]) socket.close();
  }
}

const dependence = (independent: boolean, addressOnly: boolean): Dependence => {
  if (independent) return 'endpoint-independent';
  return addressOnly ? 'address-dependent' : 'address-and-port-dependent';
};

async function open(): Promise<Socket> {
  const socket = createSocket('udp4').bind();
  await once(socket, 'listening');
  return socket;
}

/** One Binding request, sent again until it is answered or the time is over: the address that the server saw. */
function ask(socket: Socket, address: string, port: number, change = 0): Promise<Endpoint | undefined> {
  const transactionId = randomBytes(12);
  const value = Uint8Array.of(0, 0, 0, change);
  const request = encodeMessage({
    class: 'request',
    method: methods.Binding,
    transactionId,
    attributes: change === 0 ? [] : [{ type: attributes.CHANGE_REQUEST, value }],
  });
  return repeat(
    () => socket.send(request, port, address),
    (found: (mapped: Endpoint | undefined) => void) =>
      listen(socket, (bytes) => {
        const answer = decodeMessage(bytes);
        if (!answer || !transactionId.equals(answer.transactionId)) return;
        found(
          readXorAddress(valueOf(answer, attributes.XOR_MAPPED_ADDRESS) ?? new Uint8Array(), transactionId),
        );
      }),
  );
}

/** Whether what one socket sends to the outside address of the other arrives. */
async function hears(receiver: Socket, sender: Socket, outside: Endpoint): Promise<boolean> {
  const word = randomBytes(16);
  const heard = await repeat(
    () => sender.send(word, outside.port, outside.address),
    (found: (value: true) => void) => listen(receiver, (bytes) => word.equals(bytes) && found(true)),
  );
  return heard === true;
}

function listen(socket: Socket, listener: (bytes: Buffer) => void): () => void {
  socket.on('message', listener);
  return () => socket.off('message', listener);
}

/** Does something again and again until it is answered; undefined when it never is. */
function repeat<T>(
  act: () => void,
  listening: (found: (value: T) => void) => () => void,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const end = (value: T | undefined) => {
      clearInterval(again);
      clearTimeout(silence);
      stop();
      resolve(value);
    };
    const again = setInterval(act, AGAIN_MS);
    const silence = setTimeout(() => end(undefined), SILENCE_MS);
    const stop = listening(end);
    act();
  });
}

if (process.argv[1] === import.meta.filename) {
  const [first = '', second = ''] = process.argv.slice(2);
  console.log(JSON.stringify(await measure(first, second)));
}
