import { openPeer, type Bench } from '../../rtc/index.ts';
import { DONE, INTRUSION, LIE } from './faults.ts';
import { desk } from './server-desk.ts';

/** alice and bob call each other in “blue”. mallory, in “green”, tries what she should not be able to do. */
export async function run(bench: Bench): Promise<void> {
  const server = await desk.open(bench, 'faulty'); // [1]
  const sockets = new Map(['alice', 'bob', 'mallory', 'carol'].map((name) => [name, server.ioSocket(name)]));
  const join = async (personName: string, roomName: string) => {
    const socket = sockets.get(personName)!;
    socket.emit('join_room', { personName, roomName });
    await server.settled(); // [2]
    return socket;
  };
  await server.settled();
  for (const name of ['alice', 'bob']) await prepare(bench, name, sockets.get(name)!);

  const alice = await join('alice', 'blue');
  const bob = await join('bob', 'blue'); // [3]
  const mallory = await join('mallory', 'green');
  bob.emit('message', { personName: 'bob', roomName: 'blue', content: 'hello' });
  mallory.emit('message', { personName: 'alice', roomName: 'blue', content: LIE }); // [4]
  mallory.emit('offer', { toPeer: alice.id, fromPeer: bob.id, sdp: INTRUSION });
  const carol = await join('carol', 'blue');
  carol.drop(); // [5]
  await server.settled();
  await new Promise((resolve) => setTimeout(resolve, 1500)); // [6]
  await server.settled();
  bench.timeline.append('lab', { kind: 'note', text: DONE });
}

type Socket =
  Awaited<ReturnType<typeof desk.open>> extends { ioSocket: (name: string) => infer S } ? S : never;
type Message = { socketId: string; fromPeer: string; sdp: string; candidate?: RTCIceCandidateInit | null };

async function prepare(bench: Bench, self: string, socket: Socket): Promise<void> {
  const pc = openPeer(self, bench);
  const stream = await bench.openMedia(self);
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote)); // [7]
  let other = '';
  pc.addEventListener('icecandidate', ({ candidate }) =>
    socket.emit('ice_candidate', { toPeer: other, fromPeer: socket.id, candidate }),
  );
  socket.on('user_joined', async ({ socketId }: Message) => {
    if (socketId === socket.id || other !== '' || self !== 'alice') return;
    other = socketId;
    await pc.setLocalDescription();
    socket.emit('offer', { toPeer: other, fromPeer: socket.id, sdp: pc.localDescription?.sdp });
  });
  socket.on('offer', async ({ fromPeer, sdp }: Message) => {
    if (sdp === INTRUSION) return; // [8]
    other = fromPeer;
    await pc.setRemoteDescription({ type: 'offer', sdp });
    await pc.setLocalDescription();
    socket.emit('answer', { toPeer: other, fromPeer: socket.id, sdp: pc.localDescription?.sdp });
  });
  socket.on('answer', ({ sdp }: Message) => void pc.setRemoteDescription({ type: 'answer', sdp }));
  socket.on('ice_candidate', ({ candidate }: Message) => void pc.addIceCandidate(candidate)); // [9]
}
/*
[1] server.ts, as it stands in the editor, in a thread of its own.
[2] Resolves when the server has handled everything so far.
[3] Who is there hears user_joined, and offers a call to the one who came.
[4] Everything in a message is what its sender wrote. Nothing here is checked but by the server.
[5] The cable is pulled: carol says nothing any more.
[6] Candidates take a moment to be found. Two ends on one machine are connected long before this is over.
[7] ontrack fires when the remote description is set. It says that a picture is agreed on, not that one has come.
[8] A real page would not know, and would set it: that is how a call is hijacked.
[9] The page listens under one name. Which one does the server use?
*/
