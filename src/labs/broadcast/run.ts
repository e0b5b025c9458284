import { connected, openPeer, type Bench } from '../../rtc/index.ts';
import { broadcastPaths } from '../../protocol/broadcast.ts';
import { play } from '../../rtc/broadcast/whep.ts';
import { publish } from '../../rtc/broadcast/whip.ts';
import { enterRoom } from '../../rtc/middlebox/room.ts';
import { deskOf, openStudio } from './desk.ts';

export type Controls = { by: 'segments' | 'parts' };

/** alice publishes once. What she sends is watched over WebRTC, and piece by piece over HTTP. */
export async function run(bench: Bench<Controls>): Promise<void> {
  const { signal } = bench;
  const room = await enterRoom(bench, ['alice', 'bob']);
  const { whip, whep, playlist } = broadcastPaths(room.id); // [1]
  const tokenFor = async (name: 'alice' | 'bob', scope: 'publish' | 'view') =>
    (await room.seat(name).ask('broadcast:token', { scope })).token; // [2]
  const note = (name: string, text: string) => bench.timeline.append(name, { kind: 'note', text });

  const alice = openPeer('alice', bench);
  const session = await publish(alice, openStudio(bench), {
    endpoint: whip, // [3]
    token: await tokenFor('alice', 'publish'),
    signal,
  });
  note('alice', `POST ${whip}: 201, the session is at ${new URL(session.url).pathname}`);
  await connected(alice, bench);

  const token = await tokenFor('bob', 'view');
  const bob = openPeer('bob', bench);
  const playing = await play(bob, { endpoint: whep, token, signal }); // [4]
  note('bob', `POST ${whep}: 201, the session is at ${new URL(playing.url).pathname}`);
  bench.show('bob', playing.stream);
  deskOf(bench).open({ playlist, token, by: bench.controls.by, signal }); // [5]
  await connected(bob, bench);
}
/*
[1] Each room of the site has an address for whoever sends, one for those who watch, and one for the pieces.
[2] A token says what it is good for. It travels in a header, and in no address.
[3] One POST with the offer; the answer comes back in the same request. When the run ends, a DELETE.
[4] The same the other way round: the page offers to receive.
[5] No connection at all: a list that is read again and again, and pieces that are fetched.
*/
