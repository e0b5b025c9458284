import { connected, gatheringComplete, openPeer, type Bench, type Seat } from '../../rtc/index.ts';

export type Controls = {
  servers: 'none' | 'stun' | 'turn';
  policy: 'all' | 'relay';
  sections: 'one' | 'three';
};

export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const { servers, policy, sections } = bench.controls;
  const signaling = bench.signaling(self);
  const transports = servers === 'turn' ? (['stun', 'udp', 'tcp'] as const) : (['stun'] as const);
  const iceServers = servers === 'none' ? [] : await bench.iceServers(self, { transports }); // [1]

  const pc = openPeer(self, bench, { iceServers, iceTransportPolicy: policy }); // [2]
  pc.addEventListener('icecandidate', ({ candidate }) => {
    if (!offers) void signaling.send(other, { candidate }); // [3]
  });

  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type !== 'offer') return;
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  });

  if (offers) {
    pc.createDataChannel('lab'); // [4]
    if (sections === 'three') for (const kind of ['audio', 'video']) pc.addTransceiver(kind);
    await pc.setLocalDescription(); // [5]
    await gatheringComplete(pc, bench); // [6]
    await signaling.send(other, { description: pc.localDescription });
  }
  await connected(pc, bench, 30_000);
}
/*
[1] Addresses of this site's own STUN and TURN server, and for TURN a user name and a password that expire.
[2] With 'relay' the browser neither uses nor tells any address but those of TURN servers.
[3] One event for each candidate. candidate.candidate is the text that you see decoded; null is the end. The one
    who answers sends each at once; why the one who offers does not, see [6].
[4] One m-section. The browser gathers once for each m-section of an offer, because the other side may refuse
    to bundle them; what turns out to be superfluous is dropped with the answer.
[5] Here gathering begins: no candidate is sought before there is a local description.
[6] Chromium stops gathering as soon as a call is connected, and this lab is about gathering: it lets it end first.
    With servers of our own that takes a moment; in a real call never wait for it.
*/
