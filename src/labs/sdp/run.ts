import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';

export type Controls = {
  media: 'both' | 'audio' | 'video' | 'none';
  direction: 'sendrecv' | 'recvonly';
  data: 'yes' | 'no';
  options: 'none' | 'audio' | 'video' | 'no-audio' | 'no-vad';
};

type Options = RTCOfferOptions & { voiceActivityDetection?: boolean };
const offerOptions: Record<Controls['options'], Options> = {
  none: {},
  audio: { offerToReceiveAudio: true },
  video: { offerToReceiveVideo: true },
  'no-audio': { offerToReceiveAudio: false },
  'no-vad': { voiceActivityDetection: false },
};

export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const { media, direction, data, options } = bench.controls;
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));

  const kinds = media === 'both' || !offers ? ['audio', 'video'] : [media]; // [1]
  if (direction === 'sendrecv' || !offers) {
    const stream = await bench.openMedia(self);
    for (const track of stream.getTracks()) if (kinds.includes(track.kind)) pc.addTrack(track, stream);
  } else for (const kind of kinds) if (kind !== 'none') pc.addTransceiver(kind, { direction }); // [2]

  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type !== 'offer') return;
    await pc.setLocalDescription(); // [3]
    await signaling.send(other, { description: pc.localDescription });
  });

  if (!offers) return;
  if (data === 'yes') pc.createDataChannel('lab'); // [4]
  const offer = await pc.createOffer(offerOptions[options]); // [5]
  await pc.setLocalDescription(offer);
  await signaling.send(other, { description: pc.localDescription });
  if (offer.sdp?.includes('m=')) await connected(pc, bench); // [6]
}
/*
[1] What alice puts into her offer is your choice. bob has picture and sound ready, whatever she asks for.
[2] A transceiver without a track: its m-section says a=recvonly.
[3] The answer has the m-sections of the offer, in the same order. What bob has besides waits for an offer of his own.
[4] One m=application section stands for all data channels.
[5] Elsewhere setLocalDescription() makes the offer itself. Here we want the options. offerToReceive… is older than
    transceivers and kept for old code (webrtc-pc §4.4.3.2); voiceActivityDetection has left the standard.
[6] An offer without an m-section is valid, and connects nothing: there is nothing to connect.
*/
