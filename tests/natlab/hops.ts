/** What passes the routers and the server: STUN and TURN messages with the addresses on both sides of each NAT. */
import { PcapReader, TurnStream, type Packet } from './pcap.ts';
import { run, startInside } from './shell.ts';
import type { RouterName } from './topology.ts';

export type Hop = RouterName | 'server';

/** One message at one interface of a hop. */
export interface Passing {
  readonly at: Hop;
  /** On the side of the home, or on that of the internet. The server has the latter only. */
  readonly side: 'inside' | 'outside';
  readonly way: 'received' | 'sent';
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly transport: 'udp' | 'tcp';
  readonly source: string;
  readonly destination: string;
  readonly bytes: Uint8Array;
}

const hops: readonly { at: Hop; namespace: string; interfaces: Readonly<Record<string, Passing['side']>> }[] =
  [
    ...(['router-a', 'router-b', 'carrier'] as const).map((name) => ({
      at: name,
      namespace: name,
      interfaces: { lan: 'inside', wan: 'outside', cg: 'outside' } as const,
    })),
    { at: 'server', namespace: 'internet', interfaces: { net: 'outside' } },
  ];

/** STUN over UDP by its magic cookie (RFC 8489 §5), and TURN over TCP. */
const FILTER = '(udp and udp[12:4] = 0x2112a442) or tcp port 3478';

/** Watches all hops until the laboratory ends. */
export class Hops {
  readonly #passed: Passing[] = [];
  readonly #captures = hops.map((hop) => {
    const args = ['-i', 'any', '-U', '--immediate-mode', '--nano', '-s', '0', '-w', '-', FILTER];
    return { ...hop, process: startInside(hop.namespace, 'tcpdump', args, ['ignore', 'pipe', 'pipe']) };
  });

  /** Resolves when nothing is missed any more. */
  async ready(): Promise<this> {
    await Promise.all(
      this.#captures.map(async ({ at, namespace, interfaces, process }) => {
        const links = JSON.parse(run('ip', ['-n', namespace, '-j', 'link'])) as {
          ifindex: number;
          ifname: string;
        }[];
        const sides = new Map(links.map(({ ifindex, ifname }) => [ifindex, interfaces[ifname]]));
        const reader = new PcapReader();
        const streams = new Map<string, TurnStream>();
        process.stdout?.on('data', (bytes: Buffer) => {
          for (const packet of reader.push(bytes)) {
            const side = sides.get(packet.interfaceIndex);
            if (!side) continue; // a port of a bridge that is watched itself
            for (const message of messagesOf(packet, streams))
              this.#passed.push({
                at,
                side,
                way: packet.outgoing ? 'sent' : 'received',
                ...factsOf(packet),
                bytes: message,
              });
          }
        });
        await new Promise<void>((resolve, reject) => {
          let said = '';
          process.stderr?.setEncoding('utf8').on('data', (text: string) => {
            said += text;
            if (said.includes('listening on')) resolve();
          });
          process.once('exit', () => reject(new Error(`tcpdump at ${at} ended: ${said}`)));
        });
      }),
    );
    return this;
  }

  /** Forgets what has passed. */
  clear(): void {
    this.#passed.length = 0;
  }

  /** What has passed since, in the order of time. */
  get passed(): readonly Passing[] {
    return this.#passed.toSorted((a, b) => a.atMs - b.atMs);
  }
}

const factsOf = ({ atMs, transport, source, destination }: Packet) => ({
  atMs,
  transport,
  source,
  destination,
});

function messagesOf(packet: Packet, streams: Map<string, TurnStream>): readonly Uint8Array[] {
  if (packet.transport === 'udp') return [packet.payload];
  const key = `${packet.interfaceIndex} ${packet.outgoing} ${packet.source} ${packet.destination}`;
  const stream = streams.get(key) ?? new TurnStream();
  streams.set(key, stream);
  return stream.push(packet);
}
