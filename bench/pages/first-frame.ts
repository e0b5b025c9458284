import { openSyntheticMedia } from '../../src/rtc/media/synthetic.ts';

/** The same picture for both contestants, small enough that encoding it is not what is measured. */
export function openPicture(peer: string, signal: AbortSignal): MediaStream {
  return openSyntheticMedia({ peer, signal, audio: false }).stream;
}

/** Resolves when the first frame of a stream has been decoded and shown. */
export function firstFrame(stream: MediaStream): Promise<void> {
  const video = document.createElement('video');
  video.muted = true;
  video.autoplay = true;
  video.srcObject = stream;
  document.body.append(video);
  return new Promise((resolve) => video.requestVideoFrameCallback(() => resolve()));
}
