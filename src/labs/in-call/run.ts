import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';
import { deskOf, type Acts } from './desk.ts';
import { openScreen } from './screen.ts';

export type Controls = { way: 'replace' | 'add' };

/** alice sends, bob looks. What alice's buttons do while the call goes on is the matter of this lab. */
export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);
  const describe = async () => {
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  };
  pc.addEventListener('negotiationneeded', () => void describe()); // [1]
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote));
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });
  if (offers) {
    const stream = await bench.openMedia(self);
    const acts = bench.controls.way === 'replace' ? replacing(bench, pc, stream) : adding(bench, pc, stream);
    deskOf(bench).open(acts);
  }
  await connected(pc, bench);
}

/** Four m-lines from the first offer on. What is in them comes and goes, and nobody has to be asked. */
function replacing(bench: Bench<Controls>, pc: RTCPeerConnection, stream: MediaStream): Acts {
  const [microphone, camera] = [stream.getAudioTracks()[0], stream.getVideoTracks()[0]];
  const own: RTCRtpTransceiverInit = { direction: 'sendonly', streams: [stream] };
  const shared: RTCRtpTransceiverInit = { direction: 'sendonly', streams: [new MediaStream()] };
  pc.addTransceiver(microphone ?? 'audio', own);
  const { sender: toCamera } = pc.addTransceiver(camera ?? 'video', own);
  const { sender: toScreen } = pc.addTransceiver('video', shared); // [2]
  pc.addTransceiver('audio', shared);
  return {
    mute: (is) => microphone && (microphone.enabled = !is), // [3]
    black: (is) => toCamera.track && (toCamera.track.enabled = !is), // [4]
    off: async (is) => {
      const before = toCamera.track;
      await toCamera.replaceTrack(is ? null : await openCamera(bench)); // [5]
      if (is) before?.stop(); // [6]
    },
    share: async (is) => {
      const before = toScreen.track;
      await toScreen.replaceTrack(is ? openScreen(bench) : null);
      before?.stop();
    },
  };
}

/** The same buttons, as one writes them first: each of them changes what the two have agreed on. */
function adding(bench: Bench<Controls>, pc: RTCPeerConnection, stream: MediaStream): Acts {
  const [microphone, camera] = [stream.getAudioTracks()[0], stream.getVideoTracks()[0]];
  let toMicrophone = microphone && pc.addTrack(microphone, stream);
  let toCamera = camera && pc.addTrack(camera, stream);
  let toScreen: RTCRtpSender | undefined;
  const end = (sender: RTCRtpSender | undefined) => {
    if (sender) pc.removeTrack(sender); // [7]
  };
  return {
    mute: (is) => {
      if (is) end(toMicrophone);
      else toMicrophone = microphone && pc.addTrack(microphone, stream); // [8]
    },
    black: (is) => toCamera?.track && (toCamera.track.enabled = !is),
    off: async (is) => {
      toCamera?.track?.stop();
      if (is) end(toCamera);
      else toCamera = pc.addTrack(await openCamera(bench), stream);
    },
    share: (is) => {
      toScreen?.track?.stop();
      if (is) toScreen = pc.addTrack(openScreen(bench), new MediaStream());
      else end(toScreen);
    },
  };
}

async function openCamera(bench: Bench<Controls>): Promise<MediaStreamTrack> {
  const opened = await bench.openMedia('alice');
  for (const sound of opened.getAudioTracks()) sound.stop(); // [9]
  return opened.getVideoTracks()[0]!;
}
/*
[1] Once for the four m-lines, as they are added in one task. Each further time stands in the panel.
[2] A promise of a screen: an m-line with nothing in it costs some lines of text and no packet.
[3] Silence is sent in place of sound. The browser goes on encoding, so that speaking again is immediate.
[4] Black frames are sent. The camera stays open and its lamp stays on.
[5] From now on nothing is sent on this m-line, or what the new track gives. No event, no offer.
[6] Only stop() gives the camera back. It cannot be undone: turning it on opens it anew.
[7] The sender stays and is silent; the direction changes, and so negotiationneeded fires.
[8] Takes the m-line that is free again, or adds one more. Either way it has to be negotiated.
[9] Only the picture was wanted: the microphone is open already.
*/
