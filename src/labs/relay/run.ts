import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';

export type Controls = { transport: 'udp' | 'tcp' | 'tls'; who: 'both' | 'carol' | 'alone' };

/** Two calls at once with the same code: alice and bob directly, carol and dave over the TURN server. */
export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench, await configurationOf(bench, self));

  const stream = await bench.openMedia(self);
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote));
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));

  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type !== 'offer') return;
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  });

  if (offers) {
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  }
  await connected(pc, bench, 30_000);
}

async function configurationOf(bench: Bench<Controls>, self: string): Promise<RTCConfiguration> {
  const { transport, who } = bench.controls;
  if (self === 'alice' || self === 'bob') return {}; // [1]
  if (self === 'dave' && who === 'alone')
    return { iceServers: await bench.iceServers(self, { transports: ['stun'] }) }; // [2]
  const iceServers = await bench.iceServers(self, { transports: [transport] }); // [3]
  const relayOnly = self === 'carol' || who === 'both';
  return { iceServers, iceTransportPolicy: relayOnly ? 'relay' : 'all' }; // [4]
}
/*
[1] No server: on one computer their host candidates are enough.
[2] dave has STUN, but no TURN server: carol's relay would have to send to his own address. This site's refuses that.
[3] [{ urls: ['turn:…?transport=udp'], username: '1795323324:….carol', credential: '…' }]: the user name begins with
    the second at which it expires, the credential is a signature of it.
[4] 'relay' gathers nothing else, tells nothing else and uses nothing else: the proof that TURN works.
*/
