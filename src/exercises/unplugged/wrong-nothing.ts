// goes-on: No picture of the laptop’s camera at bob’s end: another source after
import type { CaptureDevices } from '../../rtc/index.ts';

/** Keeps alice's picture going: when the device of her track is gone, another one takes its place. */
export function keepSending(pc: RTCPeerConnection, mediaDevices: CaptureDevices): void {
  const [sender] = pc.getSenders();
  mediaDevices.addEventListener('devicechange', () => void sender?.replaceTrack(null));
}
