import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';

export type Controls = {
  bob: 'add-track' | 'add-transceiver' | 'nothing';
  streams: 'one' | 'none';
};

/** A call that both ends may change while it goes on. The table acts on these very connections. */
export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const { bob, streams } = bench.controls;
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);
  let makingOffer = false;
  let ignoreOffer = false;
  let waits = !offers;

  const describe = async () => {
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  };
  pc.addEventListener('negotiationneeded', () => {
    makingOffer = true;
    void describe().finally(() => (makingOffer = false)); // [1]
  });
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote)); // [2]

  const addMedia = async () => {
    waits = false;
    if (!offers && bob === 'nothing') return; // [3]
    const stream = await bench.openMedia(self);
    for (const track of stream.getTracks()) {
      if (!offers && bob === 'add-transceiver')
        pc.addTransceiver(track, { streams: [stream] }); // [4]
      else if (streams === 'none')
        pc.addTrack(track); // [5]
      else pc.addTrack(track, stream); // [6]
    }
  };

  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) {
      return pc.addIceCandidate(signal.candidate).catch((error: unknown) => {
        if (!ignoreOffer) throw error;
      });
    }
    const isOffer = signal.description.type === 'offer';
    ignoreOffer = isOffer && offers && (makingOffer || pc.signalingState !== 'stable'); // [7]
    if (ignoreOffer) return;
    await pc.setRemoteDescription(signal.description);
    if (!isOffer) return;
    if (waits) await addMedia(); // [8]
    await describe();
  });

  if (offers) await addMedia();
  await connected(pc, bench);
}
/*
[1] Whatever the table changes ends here, when the other side has to agree to it.
[2] Once for each m-section from which media may come from now on. Without a stream there is nothing to show.
[3] Only receives. What alice offers as sendrecv is answered with recvonly; she reads sendonly as currentDirection.
[4] Always a transceiver of its own, and an m-section with it: the two that alice offered stay as they are.
[5] No a=msid with a stream: event.streams is empty at the other end, and nothing says what belongs together.
[6] Takes a transceiver of the same kind that has sent nothing yet, such as one that alice's offer has made here;
    else a new one (webrtc-pc §5.1).
[7] If both press a button at once, alice's offer goes first and bob's is rolled back: perfect negotiation.
    Signals are handed over one at a time, so an answer is always set before the next one is looked at.
[8] Between the offer and the answer: what is added now goes out with this very answer.
*/
