// goes-on: No picture of the laptop’s camera
import type { CaptureDevices } from '../../rtc/index.ts';

/** Keeps alice's picture going: when the device of her track is gone, another one takes its place. */
export function keepSending(pc: RTCPeerConnection, mediaDevices: CaptureDevices): void {
  const [sender] = pc.getSenders();
  const { deviceId = '' } = sender?.track?.getSettings() ?? {};
  const goOn = async () => {
    const stream = await mediaDevices.getUserMedia({ video: { deviceId: { exact: deviceId } } });
    const [next] = stream.getVideoTracks();
    await sender?.replaceTrack(next ?? null);
  };
  sender?.track?.addEventListener('ended', () => void goOn());
}
