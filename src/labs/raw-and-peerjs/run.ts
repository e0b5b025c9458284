import type { DataConnection, MediaConnection } from 'peerjs';
import { loadPeerJs } from '../../lab-kit/compare/load-peerjs.ts';
import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';

export type Controls = { api: 'raw' | 'peerjs' };

const ways = { raw, peerjs };

/** A call and a chat for alice and bob, by the one API or by the other. */
export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => ways[bench.controls.api](bench, seat)));
}

async function raw(bench: Bench, { self, other, offers }: Seat): Promise<void> {
  const signaling = bench.signaling(self); // [1]
  const stream = await bench.openMedia(self);
  const pc = openPeer(self, bench);
  const chat = pc.createDataChannel('chat', { negotiated: true, id: 0 }); // [2]
  chat.addEventListener('open', () => chat.send(`hello from ${self}`));
  for (const track of stream.getTracks()) pc.addTrack(track, stream);

  const describe = async () => {
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  };
  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote));
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });
  if (offers) await describe();
  await connected(pc, bench);
}

async function peerjs(bench: Bench, { self, other, offers }: Seat): Promise<void> {
  const { Peer, peerServer, idOf } = await loadPeerJs(self, bench); // [3]
  const stream = await bench.openMedia(self);
  const peer = new Peer(idOf(self), { ...peerServer, config: {} }); // [4]
  bench.signal.addEventListener('abort', () => peer.destroy());

  const chat = (connection: DataConnection) =>
    connection.on('open', () => void connection.send(`hello from ${self}`));
  const show = (call: MediaConnection) => call.on('stream', (remote) => bench.show(self, remote)); // [5]
  peer.on('connection', chat);
  peer.on('call', (call) => {
    show(call);
    call.answer(stream);
  });
  await new Promise((resolve, reject) => peer.on('open', resolve).on('error', reject));
  if (!offers) return;
  show(peer.call(idOf(other), stream)); // [6]
  chat(peer.connect(idOf(other))); // [7]
}
/*
[1] The server of this site carries descriptions and candidates. What they say, and when they are sent, is up to us.
[2] Both ends name the channel beforehand, so that neither has to wait for the other's.
[3] PeerJS in a hidden page of its own for each of the two: it patches the globals of the page that it is loaded into.
[4] Without host and port PeerJS goes to a server in the cloud, without config to STUN and TURN servers out there.
[5] Fires once for each track, with the same stream.
[6] The first RTCPeerConnection, for the media. It has a data channel, too, which tells bob when alice hangs up.
[7] The second one, for the chat: its own offer, its own ICE and DTLS.
*/
