import { type Packet, PacketType, Decoder, Encoder as DefaultEncoder } from 'socket.io-parser';

/**
 * Socket.IO's packets as text, without looking for bytes in each: our events and answers hold none.
 *
 * The two kinds that relaying is made of are written here, everything else by the parser's own encoder.
 *
 * @see https://github.com/socketio/socket.io-protocol (revision 5)
 */
class Encoder extends DefaultEncoder {
  override encode(packet: Packet): unknown[] {
    const { type, nsp, id, data } = packet as Omit<Packet, 'data'> & { data: unknown };
    if (nsp === '/' && type === PacketType.EVENT && id === undefined) return [`2${JSON.stringify(data)}`];
    if (nsp === '/' && type === PacketType.ACK)
      return [`3${id}${isDone(data) ? DONE : JSON.stringify(data)}`];
    return super.encode(packet) as unknown[];
  }
}

/** The answer to most requests. */
const DONE = '[{"ok":true,"value":null}]';

function isDone(data: unknown): boolean {
  if (!Array.isArray(data) || data.length !== 1) return false;
  const reply = data[0] as { ok?: unknown; value?: unknown };
  return reply.ok === true && reply.value === null;
}

/** The `parser` of Socket.IO's server; clients keep the default one, which speaks the same. */
export const textParser = { Encoder, Decoder };
