import type { CaptureDevices } from '../../rtc/index.ts';

/** At least 640 wide, 1280 where that can be had, no more than 15 frames a second. */
export function openCamera(mediaDevices: CaptureDevices): Promise<MediaStream> {
  const video = {
    mandatory: { minWidth: 640, maxFrameRate: 15 },
    optional: [{ minWidth: 1280 }],
  };
  return mediaDevices.getUserMedia({ video } as MediaStreamConstraints);
}
