// rate: 30 and 30
import type { CaptureDevices } from '../../rtc/index.ts';

/** At least 640 wide, 1280 where that can be had, no more than 15 frames a second. */
export function openCamera(mediaDevices: CaptureDevices): Promise<MediaStream> {
  return mediaDevices.getUserMedia({ video: { width: { min: 640, ideal: 1280 }, frameRate: { min: 15 } } });
}
