import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';

/** Runs once for each peer that lives in this page. */
export async function run(bench: Bench): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench, { self, other, offers }: Seat): Promise<void> {
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench); // [1]

  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
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
  await connected(pc, bench);
}
/*
[1] A real RTCPeerConnection, recorded. It closes when the run ends.
*/
