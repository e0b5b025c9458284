import type { Call } from './exercise.ts';

/** Mutes the microphone, or opens it again. */
export function setMicrophone({ microphone }: Call, on: boolean): void {
  microphone.enabled = on;
}

/** Turns the camera off and gives it back, or opens it again. */
export async function setCamera({ pc, openCamera }: Call, on: boolean): Promise<void> {
  const transceiver = pc.getTransceivers().find(({ receiver }) => receiver.track.kind === 'video');
  if (!transceiver) return;
  const { sender } = transceiver;
  const before = sender.track;
  await sender.replaceTrack(on ? await openCamera() : null);
  before?.stop();
}
