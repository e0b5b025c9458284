import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';

export type Controls = { policy: 'all' | 'relay'; servers: 'stun' | 'turn' };

export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const { policy, servers } = bench.controls;
  const signaling = bench.signaling(self);
  const transports = servers === 'turn' ? (['stun', 'udp'] as const) : (['stun'] as const);
  const iceServers = await bench.iceServers(self, { transports });

  const stream = await bench.openMedia(self); // [1]
  const pc = openPeer(self, bench, { iceServers, iceTransportPolicy: policy }); // [2]
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote));
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate })); // [3]

  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type !== 'offer') return;
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  });

  if (offers) {
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription }); // [4]
  }
  await connected(pc, bench, 30_000);
}
/*
[1] The synthetic picture asks nobody. With the camera the page is allowed to know this computer's addresses from
    here on, and the candidates below hold them.
[2] 'relay': no address but those of TURN servers is gathered, told or used.
[3] Whatever is in here, the other side learns: the address, and for srflx and relay the one behind it (raddr).
[4] The description tells more than addresses: which browser this is, what it can encode, its certificate's hash.
*/
