// goes-on: No picture of the laptop’s camera at bob’s end: another source after
import type { CaptureDevices } from '../../rtc/index.ts';

/** Keeps alice's picture going: when the device of her track is gone, another one takes its place. */
export function keepSending(pc: RTCPeerConnection, mediaDevices: CaptureDevices): void {
  const [sender] = pc.getSenders();
  mediaDevices.addEventListener('devicechange', () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
    const context = canvas.getContext('2d');
    context?.fillText('Laptop camera (virtual)', 40, 40);
    setInterval(() => context?.fillRect(Math.random() * 640, 200, 20, 20), 40);
    void sender?.replaceTrack(canvas.captureStream().getVideoTracks()[0] ?? null);
  });
}
