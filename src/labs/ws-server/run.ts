import { openPeer, type Bench } from '../../rtc/index.ts';
import { desk } from './server-desk.ts';

type Controls = { server: 'relay' | 'keeps'; receiver: 'first' | 'late'; ways: 'one' | 'two' };

/** A sender and a receiver, each on a WebSocket of its own to the server in the editor. */
export async function run(bench: Bench<Controls>): Promise<void> {
  const server = await desk.open(bench, bench.controls.server); // [1]
  const peers = bench.controls.receiver === 'late' ? [send, receive] : [receive, send];
  for (const peer of peers) {
    await peer(bench, server.webSocket(peer === send ? 'sender' : 'receiver'));
    await server.settled(); // [2]
  }
}

type Message = { type: string; sdp?: string; candidate?: RTCIceCandidateInit | null };
type Socket = ReturnType<Awaited<ReturnType<typeof desk.open>>['webSocket']>;

async function send(bench: Bench<Controls>, socket: Socket): Promise<void> {
  const pc = await open(bench, 'sender', socket, true);
  hear(socket, (message) => {
    if (message.type === 'createAnswer')
      void pc.setRemoteDescription({ type: 'answer', sdp: message.sdp ?? '' });
  });
  await pc.setLocalDescription(); // [3]
  say(socket, { type: 'createOffer', sdp: pc.localDescription?.sdp });
}

async function receive(bench: Bench<Controls>, socket: Socket): Promise<void> {
  const pc = await open(bench, 'receiver', socket, bench.controls.ways === 'two'); // [4]
  hear(socket, async (message) => {
    if (message.type !== 'createOffer') return;
    await pc.setRemoteDescription({ type: 'offer', sdp: message.sdp ?? '' });
    await pc.setLocalDescription();
    say(socket, { type: 'createAnswer', sdp: pc.localDescription?.sdp });
  });
}

async function open(bench: Bench<Controls>, self: string, socket: Socket, hasPicture: boolean) {
  const pc = openPeer(self, bench);
  const stream = hasPicture ? await bench.openMedia(self) : undefined;
  for (const track of stream?.getTracks() ?? []) pc.addTrack(track, stream!);
  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote));
  pc.addEventListener('icecandidate', ({ candidate }) => say(socket, { type: 'iceCandidate', candidate }));
  hear(socket, (message) => {
    if (message.type !== 'iceCandidate') return; // [5]
    pc.addIceCandidate(message.candidate).catch((error) => bench.report(self, error)); // [6]
  });
  if (socket.readyState === WebSocket.CONNECTING)
    await new Promise<void>((resolve) => socket.addEventListener('open', () => resolve()));
  say(socket, { type: self }); // [7]
  return pc;
}

function hear(socket: Socket, listener: (message: Message) => void | Promise<void>): void {
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') void listener(JSON.parse(data)); // [8]
  });
}

function say(socket: Socket, message: object): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message)); // [9]
}
/*
[1] Starts server.ts, as it stands in the editor, in a thread of its own. It finds the packages it imports; its clients
    are in this page, so no port is opened. In Node the same file listens on port 8080.
[2] Resolves when the server has handled everything so far. A late receiver comes after the offer was handed on, or lost.
[3] The offer leaves before any candidate is found: those follow as iceCandidate messages.
[4] One connection carries pictures both ways: the receiver adds its own tracks before it answers, and that is all.
[5] Messages arrive in order, and the browser does what they ask for in that order: addIceCandidate() waits for the
    setRemoteDescription() before it (webrtc-pc §4.4.1.2, the operations chain).
[6] Without the offer a candidate is of no use, and is refused: that is what a receiver that came too late sees.
[7] The server does not know who is who until somebody says so. It believes what it is told.
[8] A server that sends bytes on, instead of text, makes a Blob of it: the lesson shows it.
[9] When the server has ended there is nobody to tell. The call does not need it any more.
*/
