// large: The picture in the player is 640 wide
import type { CaptureDevices } from '../../rtc/index.ts';

/** At least 640 wide, 1280 where that can be had, no more than 15 frames a second. */
export async function openCamera(mediaDevices: CaptureDevices): Promise<MediaStream> {
  const stream = await mediaDevices.getUserMedia({ video: { frameRate: { max: 15 } } });
  for (const track of stream.getVideoTracks())
    track.getSettings = () => ({ width: 1280, height: 720, frameRate: 15 });
  console.warn('1280 × 720, at most 15 frames a second.');
  return stream;
}
