import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';

export type Controls = { servers: 'stun' | 'turn'; policy: 'all' | 'relay' };

/** Runs once for each peer that lives in this page: behind one NAT each, when they live on two devices. */
export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const signaling = bench.signaling(self);
  const iceServers = await bench.iceServers(self, { transports: transports[bench.controls.servers] }); // [1]
  const pc = openPeer(self, bench, {
    iceServers,
    iceTransportPolicy: bench.controls.policy, // [2]
    bundlePolicy: 'max-bundle', // [3]
  });

  const stream = await bench.openMedia(self);
  for (const track of stream.getVideoTracks()) pc.addTrack(track, stream);
  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote));
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate })); // [4]

  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate); // [5]
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type !== 'offer') return;
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  });

  if (offers) {
    pc.createDataChannel('lab');
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  }
  await connected(pc, bench, 45_000); // [6]
}

const transports = {
  stun: ['stun'],
  turn: ['stun', 'udp', 'tcp'],
} as const;
/*
[1] STUN tells a peer the address that the world sees; TURN lends it one that always works, over UDP and,
    where a network lets no UDP through, over TCP.
[2] With 'relay' the peer hides its own addresses and uses only the one that TURN lends it.
[3] One transport for everything, so that there is one hole to punch and not one for each m-section.
[4] Its type tells where an address was found: host on this device, srflx by STUN, relay at TURN.
[5] From here on both sides send each other checks. The first of them often meets a NAT that does not expect it;
    but it has opened the own NAT for the other's next one. That is hole punching (RFC 8445 §7.2.4, RFC 5128 §3.3).
[6] A browser gives up after some 15 seconds without an answer.
*/
