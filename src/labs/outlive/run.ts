import { openPeer, type Bench } from '../../rtc/index.ts';
import { siteOf, type Socket } from './site.ts';

export type Controls = { lost: 'keep' | 'hang-up' };

const roomName = 'blue';

/** alice and bob meet in a room. The server that brought them together may die, and come back with an empty memory. */
export async function run(bench: Bench<Controls>): Promise<void> {
  const [alice, bob] = [await person(bench, 'alice'), await person(bench, 'bob')];
  await siteOf(bench).open((server) => {
    for (const { name, enter } of [alice, bob]) enter(server.ioSocket(name)); // [1]
  });
}

type Member = { socketId: string; personName: string };
type Note = { fromPeer: string; sdp: string; candidate?: RTCIceCandidateInit | null };

async function person(bench: Bench<Controls>, name: string) {
  const stream = await bench.openMedia(name);
  let pc: RTCPeerConnection | undefined;

  const open = (socket: Socket, toPeer: string): RTCPeerConnection => {
    pc?.close();
    const opened = openPeer(name, bench);
    for (const track of stream.getTracks()) opened.addTrack(track, stream);
    opened.addEventListener('track', ({ streams: [remote] }) => bench.show(name, remote));
    opened.addEventListener('icecandidate', ({ candidate }) =>
      socket.emit('ice_candidate', { toPeer, candidate }),
    );
    pc = opened;
    return opened;
  };
  const call = async (socket: Socket, { socketId }: Member) => {
    if (pc?.connectionState === 'connected') return; // [2]
    const opened = open(socket, socketId);
    await opened.setLocalDescription();
    socket.emit('offer', { toPeer: socketId, sdp: opened.localDescription?.sdp });
  };

  const enter = (socket: Socket) => {
    socket.on('offer', async ({ fromPeer, sdp }: Note) => {
      const opened = open(socket, fromPeer);
      await opened.setRemoteDescription({ type: 'offer', sdp });
      await opened.setLocalDescription();
      socket.emit('answer', { toPeer: fromPeer, sdp: opened.localDescription?.sdp });
    });
    socket.on('answer', ({ sdp }: Note) => void pc?.setRemoteDescription({ type: 'answer', sdp }));
    socket.on('ice_candidate', ({ candidate }: Note) => void pc?.addIceCandidate(candidate));
    socket.on('disconnect', () => {
      if (bench.controls.lost === 'hang-up') pc?.close(); // [3]
    });
    socket.emit('join_room', { personName: name, roomName }, ({ members }: { members: Member[] }) => {
      for (const member of members) void call(socket, member); // [4]
    });
  };
  return { name, enter };
}
/*
[1] At the start, and each time that the server is back: join first, before anything else is sent.
[2] Somebody we already see is back under another id. The call knows nothing of ids: there is nothing to do.
[3] “No connection to the server” taken for “the call is over”: it ends what was in order.
[4] The newcomer calls all who are there. After a restart everybody is a newcomer, and whoever joins last calls.
*/
