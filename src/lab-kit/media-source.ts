import { openCamera } from '../rtc/media/camera.ts';
import { openSyntheticMedia } from '../rtc/media/synthetic.ts';
import type { PeerLabel } from '../rtc/timeline.ts';

/** Where a peer's picture and sound come from. `synthetic` needs no permission, no device, and says what it is. */
export const mediaSources = ['synthetic', 'camera'] as const;
export type MediaSource = (typeof mediaSources)[number];

export async function openMedia(
  source: MediaSource,
  peer: PeerLabel,
  signal: AbortSignal,
): Promise<MediaStream> {
  if (source === 'camera') return openCamera({ audio: true, video: true }, { signal });
  return openSyntheticMedia({ peer, signal }).stream;
}
