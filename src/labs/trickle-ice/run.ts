import { connected, gatheringComplete, openPeer, type Bench, type Seat } from '../../rtc/index.ts';

export type Controls = { stun: 'none' | 'silent' };

/** Two calls start together. alice and bob send each candidate when it is found; carol and dave wait for all. */
export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const trickles = self === 'alice' || self === 'bob';
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench, { iceServers: iceServers[bench.controls.stun] }); // [1]

  if (trickles) {
    pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate })); // [2]
  }
  const describe = async () => {
    await pc.setLocalDescription();
    if (!trickles) await gatheringComplete(pc, bench); // [3]
    await signaling.send(other, { description: pc.localDescription }); // [4]
  };

  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });

  const startMs = performance.now();
  if (offers) {
    pc.createDataChannel('lab'); // [5]
    await describe();
  }
  await connected(pc, bench, 120_000);
  if (offers) bench.measure(self, 'connected', performance.now() - startMs);
}

const iceServers = {
  none: [],
  silent: [{ urls: 'stun:127.0.0.1:3470' }], // [6]
} satisfies Record<string, RTCIceServer[]>;
/*
[1] Host candidates need no server; a STUN server adds what the network outside sees.
[2] Trickle ICE (RFC 8838): a candidate crosses as soon as it is found, long before gathering is over.
[3] «Vanilla» ICE: nothing crosses until iceGatheringState is complete. Never wait with a timer
    instead: it is too long on a fast network and too short on a slow one.
[4] With trickle this SDP holds no candidate. After the wait it holds all of them: look at both.
[5] Something to negotiate: without a channel or a track there is no m-section and nothing to connect.
[6] A port of this very computer where nobody listens. Firefox asks no STUN server on a loopback address, so
    there it does not even wait; a port that browsers block, such as 9, would be a SyntaxError in it.
*/
