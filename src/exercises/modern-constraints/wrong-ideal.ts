// small: 320 × 240
import type { CaptureDevices } from '../../rtc/index.ts';

/** At least 640 wide, 1280 where that can be had, no more than 15 frames a second. */
export function openCamera(mediaDevices: CaptureDevices): Promise<MediaStream> {
  return mediaDevices.getUserMedia({ video: { width: { ideal: 1280 }, frameRate: { max: 15 } } });
}
