import { openPeer, type Bench } from '../../rtc/index.ts';
import type { Member, PeerId } from '../../protocol/signaling.ts';
import { endOf } from '../full-mesh/people.ts';
import { doorOf, type Guest } from './door.ts';
import { openRoom, type Room } from './server.ts';

/** A room at the server of this site. Whoever joins is a participant with a connection of its own to that server. */
export async function run(bench: Bench): Promise<void> {
  const room = await openRoom();
  const door = doorOf(bench);
  door.open((guest) => participate(bench, room, guest));
  for (const name of ['alice', 'bob']) await door.join(name);
}

async function participate(bench: Bench, room: Room, guest: Guest): Promise<void> {
  const { name, tiles, signal } = guest;
  const stream = await bench.openMedia(name);
  signal.addEventListener('abort', () => stream.getTracks().forEach((track) => track.stop()));
  const client = room.newClient();
  const calls = new Map<PeerId, RTCPeerConnection>(); // [1]

  const meet = ({ peer, name: other }: Member): RTCPeerConnection => {
    const pc = openPeer(endOf(name, other), bench);
    calls.set(peer, pc);
    tiles.set(peer, { name: other }); // [2]
    for (const track of stream.getTracks()) pc.addTrack(track, stream);
    pc.addEventListener('track', ({ streams: [remote] }) => tiles.set(peer, { name: other, stream: remote }));
    pc.addEventListener('icecandidate', ({ candidate }) => void client.send(peer, { candidate }).catch(gone));
    return pc;
  };
  const part = (peer: PeerId) => {
    calls.get(peer)?.close(); // [3]
    calls.delete(peer);
    tiles.delete(peer);
  };
  const describe = async (peer: PeerId, pc: RTCPeerConnection) => {
    await pc.setLocalDescription();
    if (pc.localDescription) await client.send(peer, { description: pc.localDescription });
  };

  client.on('joined', (member) => void meet(member)); // [4]
  client.on('left', ({ member }) => part(member.peer));
  client.on('back', ({ member, reloaded }) => {
    if (!reloaded) return; // [5]
    part(member.peer);
    meet(member);
  });
  client.on('signal', async ({ from, signal: sent }) => {
    const pc = calls.get(from);
    if (!pc) return; // [6]
    if ('candidate' in sent) return pc.addIceCandidate(sent.candidate);
    await pc.setRemoteDescription(sent.description);
    if (sent.description.type === 'offer') await describe(from, pc);
  });
  signal.addEventListener('abort', () => {
    for (const peer of calls.keys()) part(peer);
    client.close(); // [7]
  });

  await room.enter(client, name, signal);
  for (const member of client.members.values()) await describe(member.peer, meet(member)); // [8]
}

/** Somebody left while a message was on its way to them. */
const gone = () => {};
/*
[1] By the id that the server gave. Two people may have the same name, and a name may change.
[2] The tile is there at once, with a name. The picture comes when it comes.
[3] The other end does not hear of close() by itself for half a minute. That is what the server's message is for.
[4] Somebody has come after us: get ready and wait. The newcomer makes the offer.
[5] Only the line to the server was lost: the call goes on. After a reload the other page is new, and it offers.
[6] Of somebody who has left meanwhile.
[7] Says goodbye: the others are told at once. A page that crashes says nothing, and is missed after ten seconds.
[8] The answer to the join holds those who are there. We are the newcomer, so we offer to each.
*/
