import type { Entry, PeerLabel } from '../../../rtc/timeline.ts';
import type { PeerStats } from './stats.ts';

/** Size and frame rate of the video that a peer receives, in a few words; empty before the first sample. */
export function receivedVideo(stats: PeerStats | undefined): string {
  const video = stats?.last.inbound.find(({ kind }) => kind === 'video');
  if (!video) return '';
  const { frameWidth, frameHeight, framesPerSecond } = video;
  const size = frameWidth && frameHeight ? `${frameWidth}×${frameHeight}` : undefined;
  const rate = framesPerSecond === undefined ? undefined : `${Math.round(framesPerSecond)} fps`;
  return [size, rate].filter(Boolean).join(' · ');
}

/** Whether this peer's first frame is recorded already: it is, once a run. */
export function hasFirstFrame(entries: readonly Entry[], peer: PeerLabel): boolean {
  return entries.some((entry) => entry.kind === 'first-frame' && entry.peer === peer);
}
