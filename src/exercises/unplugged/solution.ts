import type { CaptureDevices } from '../../rtc/index.ts';

/** Keeps alice's picture going: when the device of her track is gone, another one takes its place. */
export function keepSending(pc: RTCPeerConnection, mediaDevices: CaptureDevices): void {
  const [sender] = pc.getSenders();

  const goOn = async () => {
    const stream = await mediaDevices.getUserMedia({ video: true });
    const [next] = stream.getVideoTracks();
    if (!next) return;
    await sender?.replaceTrack(next);
    watch(next);
  };
  const watch = (track: MediaStreamTrack | null | undefined) =>
    track?.addEventListener('ended', () => void goOn());

  watch(sender?.track);
}
