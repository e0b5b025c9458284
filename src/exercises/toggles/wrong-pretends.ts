// off: frames came since then
import type { Call } from './exercise.ts';

export function setMicrophone({ microphone }: Call, on: boolean): void {
  microphone.enabled = on;
}

/** Says that the camera is off. */
export function setCamera({ pc }: Call, on: boolean): void {
  for (const { track } of pc.getSenders()) {
    if (track?.kind !== 'video') continue;
    Object.defineProperty(track, 'readyState', { configurable: true, value: on ? 'live' : 'ended' });
    track.dispatchEvent(new Event('ended'));
  }
}
