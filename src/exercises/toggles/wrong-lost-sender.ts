// on: 0 new frames
import type { Call } from './exercise.ts';

export function setMicrophone({ microphone }: Call, on: boolean): void {
  microphone.enabled = on;
}

/** Looks for the sender by its track, and there is none any more when the camera is to come back. */
export async function setCamera({ pc, openCamera }: Call, on: boolean): Promise<void> {
  const sender = pc.getSenders().find(({ track }) => track?.kind === 'video');
  const before = sender?.track;
  await sender?.replaceTrack(on ? await openCamera() : null);
  before?.stop();
}
