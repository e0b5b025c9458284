import type { CaptureDevices } from '../../rtc/index.ts';

/** Keeps alice's picture going: when the device of her track is gone, another one takes its place. */
export function keepSending(pc: RTCPeerConnection, mediaDevices: CaptureDevices): void {
  const [sender] = pc.getSenders();
  sender?.track?.addEventListener('mute', () => {
    void mediaDevices.enumerateDevices(); // and now?
  });
}
