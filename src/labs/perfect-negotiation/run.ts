import { openPeer, type Bench, type Seat } from '../../rtc/index.ts';

export type Controls = { roles: 'none' | 'polite'; offset: '0' | '50' | '200' | '1000' };

/** Both peers want to send, and nobody decides who offers. */
export async function run(bench: Bench<Controls>): Promise<void> {
  const streams = await Promise.all(bench.seats.map(({ self }) => bench.openMedia(self)));
  const send = bench.seats.map((seat) => negotiate(bench, seat));
  for (const [at, { offers }] of bench.seats.entries()) {
    const waitMs = offers ? 0 : Number(bench.controls.offset); // [1]
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (!bench.signal.aborted) send[at]?.(streams[at]!);
  }
}

function negotiate(bench: Bench<Controls>, { self, other, offers }: Seat): (stream: MediaStream) => void {
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);
  const hasRoles = bench.controls.roles === 'polite';
  const polite = !offers; // [2]
  let makingOffer = false;
  let ignoreOffer = false;
  let isSettingRemoteAnswerPending = false;

  const describe = async () => {
    await pc.setLocalDescription(); // [3]
    await signaling.send(other, { description: pc.localDescription });
  };
  pc.addEventListener('negotiationneeded', () => {
    makingOffer = true;
    void describe().finally(() => (makingOffer = false)); // [4]
  });
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote));

  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) {
      return pc.addIceCandidate(signal.candidate).catch((error: unknown) => {
        if (hasRoles && !ignoreOffer) throw error; // [5]
      });
    }
    const { description } = signal;
    if (hasRoles) {
      const isFree = !makingOffer && (pc.signalingState === 'stable' || isSettingRemoteAnswerPending); // [6]
      ignoreOffer = !polite && description.type === 'offer' && !isFree; // [7]
      if (ignoreOffer) return;
    }
    isSettingRemoteAnswerPending = description.type === 'answer';
    const isSet = await pc.setRemoteDescription(description).then(
      () => true,
      () => false, // [8]
    );
    isSettingRemoteAnswerPending = false;
    if (isSet && description.type === 'offer') await describe();
  });

  return (stream) => stream.getTracks().forEach((track) => pc.addTrack(track, stream)); // [9]
}
/*
[1] alice offers at once, bob a little later, as you chose. With 0 both events come in the same task.
[2] One of the two has to give way, and both have to know who. Join order is enough: the newcomer is impolite here.
[3] Without an argument it makes whatever is due at this moment, an offer or an answer (webrtc-pc §4.4.2).
[4] The offer exists only when the promise is fulfilled. Until then signalingState still says stable: hence the flag.
[5] A candidate of an offer that was ignored has no place here. Any other one that is refused is news.
[6] An answer that is being set is as good as set: an offer that comes now does not collide.
[7] Glare: an offer comes while ours is under way. The impolite peer does not even look at it.
[8] The polite peer's own offer is rolled back by this very call. What the browser refuses is on the
    timeline; without roles that is both answers, since neither side waits for one any more.
[9] Fires negotiationneeded, once for all tracks that are added in one task (webrtc-pc §4.7.3).
*/
