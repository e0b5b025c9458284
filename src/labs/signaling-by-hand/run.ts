import { connected, gatheringComplete, openPeer, type Bench, type Seat } from '../../rtc/index.ts';

/** Two messages connect two peers. You are the signaling: carry each text to the other side. */
export async function run(bench: Bench): Promise<void> {
  await Promise.all(bench.seats.map((seat) => greet(bench, seat)));
}

async function greet(bench: Bench, { self, other, offers }: Seat): Promise<void> {
  const byHand = bench.signaling(self); // [1]
  const pc = openPeer(self, bench);
  const channel = pc.createDataChannel('greetings', { negotiated: true, id: 0 }); // [2]
  channel.addEventListener('open', () => channel.send(`Hello, this is ${self}`)); // [3]

  const describe = async () => {
    await pc.setLocalDescription();
    await gatheringComplete(pc, bench); // [4]
    await byHand.send(other, { description: pc.localDescription });
  };

  byHand.receive(async (_, signal) => {
    if (!('description' in signal)) return;
    await pc.setRemoteDescription(signal.description); // [5]
    if (signal.description.type === 'offer') await describe();
  });

  if (offers) await describe();
  await connected(pc, bench, 15 * 60_000); // [6]
}
/*
[1] JSEP does not say how a description travels (RFC 9429 §3.1): paper would do. Here it is your clipboard.
[2] Both sides open channel 0 by agreement, so no message has to announce it (webrtc-pc §6.1).
[3] From here on nothing passes through your hands any more: the peers talk to each other.
[4] With one message each way there is no second chance to send a candidate: wait until all are in the SDP.
[5] The fingerprint, the ICE user name and password, and all addresses of the other side are in this text.
[6] People are slower than networks: a quarter of an hour. The offer stays good as long as this page is open.
*/
