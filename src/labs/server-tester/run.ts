import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';

export type Controls = { server: 'own' | 'wrong' | 'dead'; transport: 'udp' | 'tcp' };

/** Both ends stand behind the same relay: a message that comes back has passed the server four times. */
export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const signaling = bench.signaling(self);
  const iceServers = await serversOf(bench, self);
  const pc = openPeer(self, bench, { iceServers, iceTransportPolicy: 'relay' }); // [1]
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type !== 'offer') return;
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  });
  pc.addEventListener('datachannel', ({ channel }) => {
    channel.addEventListener('message', ({ data }: MessageEvent<string>) => channel.send(data)); // [2]
  });

  if (offers) {
    const channel = pc.createDataChannel('bytes');
    channel.addEventListener('open', () => {
      const startMs = performance.now();
      channel.addEventListener('message', () =>
        bench.measure(self, 'round trip', performance.now() - startMs),
      );
      channel.send('Does this come back?'); // [3]
    });
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  }
  await connected(pc, bench, 8_000); // [4]
}

async function serversOf(bench: Bench<Controls>, self: string): Promise<RTCIceServer[]> {
  const { server, transport } = bench.controls;
  if (server === 'dead') {
    const urls = `turn:127.0.0.1:3999?transport=${transport}`; // [5]
    return [{ urls, username: 'ann', credential: 'secret' }];
  }
  const servers = await bench.iceServers(self, { transports: [transport] });
  return server === 'own' ? servers : servers.map((one) => ({ ...one, credential: 'wrong' })); // [6]
}
/*
[1] With relay as policy nothing but the server's address counts: no host candidate can hide that the relay is dead.
[2] bob sends back what he gets.
[3] The proof. A candidate shows that an address was lent; only a message that comes back shows that anything passes.
[4] A limit of one's own. Gathering with a silent server ends after 40 s, and without a network never.
[5] A port of this very computer where nobody listens.
[6] The user name stays, the credential is somebody else's: the server answers 401.
*/
