import { connected, gatheringComplete, openPeer, type Bench, type Seat } from '../../rtc/index.ts';

export type Controls = { stun: 'none' | 'silent'; wait: 'complete' | 'second' };

/** Two calls start together. alice and bob send each candidate when it is found; carol and dave wait. */
export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const trickles = self === 'alice' || self === 'bob';
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench, { iceServers: await iceServersOf(bench, self) }); // [1]

  if (trickles) {
    pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate })); // [2]
  }
  const describe = async () => {
    await pc.setLocalDescription();
    if (!trickles && bench.controls.wait === 'complete') await gatheringComplete(pc, bench); // [3]
    if (!trickles && bench.controls.wait === 'second') await new Promise((go) => setTimeout(go, 1000)); // [4]
    await signaling.send(other, { description: pc.localDescription }); // [5]
  };

  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });

  const startMs = performance.now();
  if (offers) {
    pc.createDataChannel('lab'); // [6]
    await describe();
  }
  await connected(pc, bench, 120_000);
  if (offers) bench.measure(self, 'connected', performance.now() - startMs);
}

async function iceServersOf(bench: Bench<Controls>, self: string): Promise<RTCIceServer[]> {
  if (bench.controls.stun === 'none') return [];
  const [own] = await bench.iceServers(self, { transports: ['stun'] });
  return [{ urls: [own?.urls].flat().map((url) => url?.replace(/:\d+$/, ':9009') ?? '') }]; // [7]
}
/*
[1] Host candidates need no server; a STUN server adds what the network outside sees.
[2] Trickle ICE (RFC 8838): a candidate crosses as soon as it is found, long before gathering is over.
[3] «Vanilla» ICE: nothing crosses until iceGatheringState is complete.
[4] Never wait with a timer: it is too long on a fast network and too short on a slow one.
[5] With trickle this SDP holds no candidate. After the wait it holds those that were there by then: look at both.
[6] Something to negotiate: without a channel or a track there is no m-section and nothing to connect.
[7] The address of this site's STUN server with another port, one at which nobody listens.
*/
