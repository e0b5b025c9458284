import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';

export type Controls = { does: 'upgrade' | 'three' | 'provisional' | 'rollback' | 'many' };

/** A call with sound, and what changes in it. Only alice offers: glare is another lesson. */
export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => (seat.offers ? offerer(bench, seat) : answerer(bench, seat))));
}

async function offerer(bench: Bench<Controls>, { self, other }: Seat): Promise<void> {
  const { does } = bench.controls;
  const { pc, describe } = open(bench, self, other);
  const stream = await bench.openMedia(self);
  const [sound, picture] = [stream.getAudioTracks()[0]!, stream.getVideoTracks()[0]!];
  pc.addEventListener('negotiationneeded', () => void describe()); // [1]

  pc.addTrack(sound, stream);
  if (does === 'provisional') pc.addTrack(picture, stream);
  await connected(pc, bench);
  if (pc.signalingState !== 'stable') await agreed(pc);

  switch (does) {
    case 'upgrade':
      pc.addTrack(picture, stream); // [2]
      break;
    case 'three':
      pc.addTrack(picture, stream); // [3]
      pc.addTransceiver('video', { direction: 'recvonly' });
      pc.createDataChannel('chat');
      break;
    case 'rollback':
      pc.addTrack(picture, stream);
      await pc.setLocalDescription();
      await pc.setLocalDescription({ type: 'rollback' }); // [4]
      break;
    case 'many':
      for (const most of [1, 2, 4, 8, 16, 32]) {
        const before = pc.getTransceivers().length;
        for (let count = before; count < most; count++) pc.addTransceiver('video', { direction: 'recvonly' }); // [5]
        if (most > before) await agreed(pc);
      }
      break;
    case 'provisional':
  }
}

async function answerer(bench: Bench<Controls>, { self, other }: Seat): Promise<void> {
  const { pc, send, describe } = open(bench, self, other, async () => {
    if (bench.controls.does !== 'provisional') return describe();
    const { sdp = '' } = await pc.createAnswer();
    try {
      await pc.setLocalDescription({ type: 'pranswer', sdp }); // [6]
    } catch {
      return describe(); // [7]
    }
    const stream = await bench.openMedia(self);
    await send();
    await connected(pc, bench);
    for (const track of stream.getTracks()) pc.addTrack(track, stream); // [8]
    await describe();
  });
  await connected(pc, bench);
}

/** What is the same at both ends. `answer` is called when an offer has been set. */
function open(bench: Bench<Controls>, self: string, other: string, answer?: () => Promise<void>) {
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);
  const send = () => signaling.send(other, { description: pc.localDescription });
  const describe = async () => {
    await pc.setLocalDescription();
    await send();
  };
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote));
  signaling.receive(async (_, message) => {
    if ('candidate' in message) return pc.addIceCandidate(message.candidate);
    await pc.setRemoteDescription(message.description);
    if (message.description.type === 'offer') void answer?.(); // [9]
  });
  return { pc, send, describe };
}

/** Resolves when the next exchange is over. */
function agreed(pc: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (pc.signalingState !== 'stable') return;
      pc.removeEventListener('signalingstatechange', look);
      resolve();
    };
    pc.addEventListener('signalingstatechange', look);
  });
}
/*
[1] All offers of this lab are made here, whatever brought them about.
[2] In the middle of a call: a second m-section on the same connection, the same transport, the same keys.
[3] Three changes in one task, of which each alone needs an offer. Count the arrows.
[4] Takes the offer back. It was set and not sent, so bob never hears of it. The transceiver stays and loses its mid;
    and since it still needs an offer, negotiationneeded fires again.
[5] Sections with nothing in them: what is measured is the exchange of the descriptions alone.
[6] An answer that may still change. ICE and DTLS begin with it: the path is there before anybody picks up.
[7] NotSupportedError in Firefox: it knows only the final answer. The call comes about all the same, without the ringing.
[8] bob picks up: what he adds goes out with the final answer, and no second offer is due.
[9] Not awaited: alice's candidates come while bob's phone still rings.
*/
