import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';

export type Controls = {
  codec: 'own' | 'VP8' | 'VP9' | 'AV1';
  extensions: 'all' | 'few';
};

/** alice sends a picture; what codec it has and which header extensions is decided without a look at the SDP. */
export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const { codec, extensions } = bench.controls;
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);
  const describe = async () => {
    await pc.setLocalDescription(); // [1]
    await signaling.send(other, { description: pc.localDescription });
  };
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote));
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });

  if (offers) {
    const stream = await bench.openMedia(self);
    for (const track of stream.getVideoTracks()) {
      const transceiver = pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
      if (codec !== 'own') prefer(transceiver, `video/${codec}`);
      if (extensions === 'few') trim(transceiver);
    }
    await describe();
  }
  await connected(pc, bench);
}

/** Puts a codec in front of the others. */
function prefer(transceiver: RTCRtpTransceiver, mimeType: string): void {
  const { codecs } = RTCRtpReceiver.getCapabilities('video') ?? { codecs: [] }; // [2]
  const first = codecs.filter((codec) => codec.mimeType === mimeType);
  const others = codecs.filter((codec) => codec.mimeType !== mimeType);
  transceiver.setCodecPreferences([...first, ...others]); // [3]
}

/** Offers only the header extensions that a call cannot well do without, where the browser can be told so. */
function trim(transceiver: RTCRtpTransceiver & Partial<HeaderExtensionControl>): void {
  const extensions = transceiver.getHeaderExtensionsToNegotiate?.(); // [4]
  if (!extensions) return;
  for (const extension of extensions)
    if (!/sdes:|transport-wide-cc/.test(extension.uri)) extension.direction = 'stopped'; // [5]
  transceiver.setHeaderExtensionsToNegotiate?.(extensions);
}

interface HeaderExtensionControl {
  getHeaderExtensionsToNegotiate(): { uri: string; direction: RTCRtpTransceiverDirection }[];
  setHeaderExtensionsToNegotiate(extensions: { uri: string; direction: RTCRtpTransceiverDirection }[]): void;
}
/*
[1] Without an argument: the text is the browser's own, and nobody edits it on its way.
[2] What this browser can receive. There is a list for sending, too: RTCRtpSender.getCapabilities().
[3] The order in which they are offered, and the answerer takes the first that suits. Those that are left out
    are not offered at all; rtx, red and the like belong to the others and stay.
[4] webrtc-extensions; not in Firefox 153.
[5] The mid must stay: with all sections on one transport, it tells whose packet this is (RFC 9143).
*/
