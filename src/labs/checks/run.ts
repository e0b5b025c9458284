import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';

export type Controls = { path: 'direct' | 'relay'; candidates: 'both' | 'one' };

export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const { path, candidates } = bench.controls;
  const signaling = bench.signaling(self);
  const configuration: RTCConfiguration =
    path === 'direct'
      ? {}
      : { iceServers: await bench.iceServers(self, { transports: ['udp'] }), iceTransportPolicy: 'relay' }; // [1]

  const pc = openPeer(self, bench, configuration);
  pc.addEventListener('icecandidate', ({ candidate }) => {
    if (candidates === 'one' && !offers && candidate) return; // [2]
    void signaling.send(other, { candidate });
  });

  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description); // [3]
    if (signal.description.type !== 'offer') return;
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  });

  if (offers) {
    pc.createDataChannel('lab');
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  }
  await connected(pc, bench, 30_000); // [4]
}
/*
[1] Over the relay every check crosses this site's server: you can read them under STUN/TURN, and you can stop them.
[2] bob finds candidates and tells none. alice has nobody to check, until bob's checks come to her.
[3] With the first description of the other side come its user name fragment and password. They sign the checks.
[4] Connected means: a pair was checked in both directions, the controlling side nominated it, and DTLS is through.
*/
