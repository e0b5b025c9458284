import { openPeer, type Bench, type Seat } from '../../rtc/index.ts';

export type Controls = { path: 'direct' | 'nat' | 'nat-blocked'; relay: 'no' | 'yes' };

/** Runs once for each peer that lives in this page. Only what a server has found is told to the other side. */
export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const { path, relay } = bench.controls;
  const signaling = bench.signaling(self);
  const iceServers = await bench.iceServers(self, { path, transports: transports[relay] }); // [1]
  const pc = openPeer(self, bench, { iceServers, bundlePolicy: 'max-bundle' }); // [2]

  const stream = await bench.openMedia(self);
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote));

  pc.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate?.type === 'host') return; // [3]
    void signaling.send(other, { candidate });
  });
  const describe = async () => {
    await pc.setLocalDescription(); // [4]
    await signaling.send(other, { description: withoutHosts(pc.localDescription!) });
  };

  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate); // [5]
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });

  if (offers) await describe();
}

const transports = { no: ['stun'], yes: ['stun', 'tcp'] } as const; // [6]

function withoutHosts({ type, sdp }: RTCSessionDescription) {
  return { type, sdp: sdp.replace(/^a=candidate:.* typ host.*\r\n/gm, '') }; // [7]
}
/*
[1] The address of this playground's STUN server, or that of the small NAT program in front of it.
[2] One transport for sound and picture from the start, so that only one socket on each network asks.
[3] The browser's own addresses stay here: the call has to use what STUN found, or there is none. A real
    application never drops them; between two pages of one computer they would win at once.
[4] Gathering begins: a Binding request leaves each socket (RFC 8489 §6.1), 20 bytes in Chromium.
[5] The checks that now begin are Binding requests too, with a USERNAME and MESSAGE-INTEGRITY
    (RFC 8445 §7.2.2). They go from peer to peer and not to the server.
[6] With a relay: over TCP, since a TURN server over UDP is asked for the mapped address as well, and the list
    would show its answer beside the one that this lesson is about.
[7] A candidate that is found before the description is sent stands in it.
*/
