import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP line to a local port that tests can cut and hold: what happens to a connection on the way. */
export interface Line extends Disposable {
  readonly url: string;
  /** Ends all connections; new ones may be made. */
  cut(): void;
  /** Lets nothing through to the client, though the connections stay open; what comes meanwhile is lost. */
  hold(): void;
}

export async function openLine(port: number): Promise<Line> {
  const sockets = new Set<Socket>();
  const held = new WeakSet<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => void (held.has(from) || to.write(bytes)));
      from.on('error', () => to.destroy());
      from.on('close', () => (sockets.delete(from), to.destroy()));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    hold: () => sockets.forEach((socket) => held.add(socket)),
    [Symbol.dispose]: () => {
      server.close();
      cut();
    },
  };
}
