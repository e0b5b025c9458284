// off: the camera’s track is `live`
import type { Call } from './exercise.ts';

export function setMicrophone({ microphone }: Call, on: boolean): void {
  microphone.enabled = on;
}

/** Black frames are sent, and the lamp stays on. */
export function setCamera({ pc }: Call, on: boolean): void {
  for (const { track } of pc.getSenders()) if (track?.kind === 'video') track.enabled = on;
}
