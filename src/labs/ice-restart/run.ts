import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';
import { watchPicture } from './picture.ts';

export type Controls = { ladder: 'nothing' | 'wait' | 'disconnected' | 'failed' | 'new' };

export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const { ladder } = bench.controls;
  const signaling = bench.signaling(self);
  const iceServers = await bench.iceServers(self, { transports: ['udp'] });
  const stream = await bench.openMedia(self); // [1]
  const received = watchPicture(bench, self); // [2]
  let pc = open();

  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    const { type, sdp } = signal.description;
    if (type === 'offer' && isOfAnother(pc.remoteDescription, sdp)) {
      pc.close();
      pc = open(); // [3]
    }
    await pc.setRemoteDescription(signal.description);
    if (type === 'offer') await describe(pc);
  });
  await connected(pc, bench, 30_000);

  function open(): RTCPeerConnection {
    const opened = openPeer(self, bench, { iceServers, iceTransportPolicy: 'relay' }); // [4]
    opened.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
    opened.addEventListener('track', ({ receiver, streams: [remote] }) => {
      bench.show(self, remote);
      received(receiver);
    });
    if (offers) opened.addEventListener('negotiationneeded', () => void describe(opened)); // [5]
    if (offers) opened.addEventListener('connectionstatechange', () => void climb()); // [6]
    for (const track of stream.getTracks()) opened.addTrack(track, stream);
    return opened;
  }

  async function describe(from: RTCPeerConnection): Promise<void> {
    await from.setLocalDescription();
    await signaling.send(other, { description: from.localDescription });
  }

  async function climb(): Promise<void> {
    const { connectionState } = pc;
    if (connectionState === ladder) pc.restartIce(); // [7]
    if (connectionState !== 'disconnected') return;
    if (ladder === 'wait') {
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      if (pc.connectionState !== 'connected') pc.close(); // [8]
    }
    if (ladder === 'new') {
      pc.close();
      pc = open(); // [9]
    }
  }
}

function isOfAnother(before: RTCSessionDescription | null, sdp: string): boolean {
  const sessionOf = (text: string) => /^o=\S+ (\d+)/m.exec(text)?.[1];
  return before !== null && sessionOf(before.sdp) !== sessionOf(sdp);
}
/*
[1] Once in a call. Whatever happens to the path, camera and tracks stay as they are.
[2] The lab's own stopwatch: it asks the receiver ten times a second how many frames it has decoded.
[3] An ICE restart belongs to the session that is there. A number in the o= line that was not seen before means that
    the other side has opened a new connection: the old one can do nothing with its offer.
[4] Over this site's relay only, so that there is a path which can be taken away.
[5] restartIce() sends nothing. It says that an offer is needed, as addTrack() does; this is where it is made.
[6] Only the one who offers climbs: two restarts at once are glare, and need perfect negotiation.
[7] The next offer has a new ice-ufrag and ice-pwd, and both sides gather again: new sockets, new allocations.
    Tracks, DTLS keys and statistics stay. The old pair is used until there is a better one.
[8] Whoever only waits has to give up one day.
[9] Everything anew: gathering, checks, DTLS. What it saves is the stream, and the permission to use the camera.
*/
