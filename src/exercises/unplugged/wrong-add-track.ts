// no-negotiation: fired 1 times
import type { CaptureDevices } from '../../rtc/index.ts';

/** Keeps alice's picture going: when the device of her track is gone, another one takes its place. */
export function keepSending(pc: RTCPeerConnection, mediaDevices: CaptureDevices): void {
  const [sender] = pc.getSenders();
  const goOn = async () => {
    const stream = await mediaDevices.getUserMedia({ video: true });
    if (sender) pc.removeTrack(sender);
    for (const track of stream.getTracks()) pc.addTrack(track, stream);
  };
  sender?.track?.addEventListener('ended', () => void goOn());
}
