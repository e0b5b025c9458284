import { openPeer, type Bench } from '../../rtc/index.ts';
import { desk, people } from './people.ts';

const roomName = 'blue';

/** alice and bob meet in a room and call each other; carol is connected, and comes when you let her. */
export async function run(bench: Bench<{ server: 'first' | 'reliable' }>): Promise<void> {
  const server = await desk.open(bench, bench.controls.server); // [1]
  people.value = new Map(['alice', 'bob', 'carol'].map((name) => [name, server.ioSocket(name)]));
  await server.settled();
  for (const personName of ['alice', 'bob']) {
    const socket = people.value.get(personName)!;
    await prepare(bench, personName, socket);
    socket.emit('join_room', { personName, roomName }, () => {}); // [2]
    await server.settled();
  }
}

type Socket =
  Awaited<ReturnType<typeof desk.open>> extends { ioSocket: (name: string) => infer S } ? S : never;
type Note = { socketId: string; fromPeer?: string; sdp: string; candidate?: RTCIceCandidateInit | null };

async function prepare(bench: Bench<never> | Bench, self: string, socket: Socket): Promise<void> {
  const pc = openPeer(self, bench);
  const stream = await bench.openMedia(self);
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote));
  let other = '';
  pc.addEventListener(
    'icecandidate',
    ({ candidate }) => socket.emit('ice_candidate', { toPeer: other, fromPeer: socket.id, candidate }), // [3]
  );

  socket.on('user_joined', async ({ socketId }: Note) => {
    if (socketId === socket.id || other !== '') return; // [4]
    other = socketId;
    await pc.setLocalDescription();
    socket.emit('offer', { toPeer: other, fromPeer: socket.id, sdp: pc.localDescription?.sdp });
  });
  socket.on('offer', async ({ fromPeer = '', sdp }: Note) => {
    other = fromPeer;
    await pc.setRemoteDescription({ type: 'offer', sdp });
    await pc.setLocalDescription();
    socket.emit('answer', { toPeer: other, fromPeer: socket.id, sdp: pc.localDescription?.sdp });
  });
  socket.on('answer', ({ sdp }: Note) => void pc.setRemoteDescription({ type: 'answer', sdp }));
  socket.on('ice_candidate', ({ candidate }: Note) => void pc.addIceCandidate(candidate)); // [5]
}
/*
[1] server.ts, as it stands in the editor, in a thread of its own. Its io is a stand-in whose clients are in this page.
[2] The function at the end asks for an acknowledgement. Only the reliable server gives one: it holds the roster.
[3] fromPeer is what a page says of itself. A server that hands it on as it came lets anybody be anybody.
[4] io.to(room) also reaches the one who has just joined. A page that does not look would call itself.
[5] The browser does in order what it is asked for in order: this waits for the setRemoteDescription() before it.
*/
