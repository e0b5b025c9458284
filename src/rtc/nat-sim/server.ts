import { addresses, isPrivate } from './network.ts';
import { isSame, type Endpoint, type Message, type Packet } from './packet.ts';

/** A relayed address and who may send to it (RFC 8656 §5, §9). */
export interface Allocation {
  readonly transport: 'udp' | 'tcp';
  /** The client as the server sees it. */
  readonly client: Endpoint;
  readonly relayed: Endpoint;
  /** Addresses with a permission. A permission has no port. */
  readonly permissions: readonly string[];
}

/** Why the server keeps a packet: what arrived at a relayed address without permission, or made no sense. */
export type Unserved = 'no-permission' | 'no-allocation';

export const serverPorts = { udp: 3478, tcp: 443 } as const;
const FIRST_RELAY_PORT = 49_160;

/** A STUN and TURN server on the internet. Without `offersTurn` it answers Binding requests only. */
export class StunTurnServer {
  /** Replaced, never changed. */
  allocations: readonly Allocation[] = [];
  readonly #offersTurn: boolean;

  constructor(offersTurn: boolean) {
    this.#offersTurn = offersTurn;
  }

  /** What the server sends when a packet has arrived. */
  receive(packet: Packet): { readonly sends: readonly Packet[]; readonly unserved?: Unserved } {
    const { destination, source } = packet;
    const isRelay = destination.port !== serverPorts.udp && destination.port !== serverPorts.tcp;
    if (isRelay) return this.#fromPeer(packet);
    const answer = (message: Message): Packet => ({
      transport: packet.transport,
      source: destination,
      destination: source,
      message,
    });
    const { message } = packet;
    if (message.is === 'binding')
      return {
        sends: [answer({ is: 'binding-success', id: message.id, mapped: source, isAnswerTo: 'gathering' })],
      };
    if (!this.#offersTurn) return { sends: [], unserved: 'no-allocation' };
    const own = this.allocations.find(
      ({ transport, client }) => transport === packet.transport && isSame(client, source),
    );
    switch (message.is) {
      case 'allocate': {
        const { id } = message;
        if (!message.hasCredential) return { sends: [answer({ is: 'allocate-error', id, code: 401 })] };
        const relayed = own?.relayed ?? {
          address: addresses.server,
          port: FIRST_RELAY_PORT + this.allocations.length * 2,
        };
        if (!own)
          this.allocations = [
            ...this.allocations,
            { transport: packet.transport, client: source, relayed, permissions: [] },
          ];
        return { sends: [answer({ is: 'allocate-success', id, relayed, mapped: source })] };
      }
      case 'create-permission': {
        const { id, address } = message;
        if (!own) return { sends: [], unserved: 'no-allocation' };
        // A relay into private networks would be a hole in somebody's firewall.
        if (isPrivate(address)) return { sends: [answer({ is: 'create-permission-error', id, code: 403 })] };
        if (!own.permissions.includes(address))
          this.#replace(own, { ...own, permissions: [...own.permissions, address] });
        return { sends: [answer({ is: 'create-permission-success', id })] };
      }
      case 'send':
        if (!own?.permissions.includes(message.to.address)) return { sends: [], unserved: 'no-permission' };
        return {
          sends: [{ transport: 'udp', source: own.relayed, destination: message.to, message: message.data }],
        };
      default:
        return { sends: [], unserved: 'no-allocation' };
    }
  }

  #fromPeer({ destination, source, message }: Packet): {
    sends: readonly Packet[];
    unserved?: Unserved;
  } {
    const allocation = this.allocations.find(({ relayed }) => isSame(relayed, destination));
    if (!allocation) return { sends: [], unserved: 'no-allocation' };
    if (!allocation.permissions.includes(source.address)) return { sends: [], unserved: 'no-permission' };
    const { transport, client } = allocation;
    return {
      sends: [
        {
          transport,
          source: { address: addresses.server, port: serverPorts[transport] },
          destination: client,
          message: { is: 'data', from: source, data: message },
        },
      ],
    };
  }

  #replace(old: Allocation, next: Allocation): void {
    this.allocations = this.allocations.map((one) => (one === old ? next : one));
  }
}
