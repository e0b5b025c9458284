import { openPeer, type Bench, type Seat } from '../../rtc/index.ts';

export type Controls = { path: 'direct' | 'relay'; calls: 'awaited' | 'at-once' };

export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const { path, calls } = bench.controls;
  const signaling = bench.signaling(self);
  const configuration: RTCConfiguration =
    path === 'direct'
      ? {}
      : { iceServers: await bench.iceServers(self, { transports: ['udp'] }), iceTransportPolicy: 'relay' }; // [1]

  const pc = openPeer(self, bench, configuration); // [2]
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));

  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    const isSet = pc.setRemoteDescription(signal.description);
    if (calls === 'awaited') await isSet; // [3]
    if (signal.description.type === 'offer') await pc.setLocalDescription();
    await isSet;
    if (signal.description.type === 'offer')
      await signaling.send(other, { description: pc.localDescription });
  });

  if (!offers) return;
  pc.createDataChannel('lab');
  await pc.setLocalDescription();
  await signaling.send(other, { description: pc.localDescription }); // [4]
}
/*
[1] Over the relay every packet of the call crosses this site's server, and can be stopped there.
[2] Four state machines begin here: signaling stable, the other three new.
[3] Without this await both calls are made in the same task. The connection's operations chain carries them out one
    after the other (webrtc-pc §4.4.1.2), so that the answer is made with the offer in force.
[4] Nobody waits for 'connected': whatever comes of it, the panel shows it for as long as you like.
*/
