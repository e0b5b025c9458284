// same: since the call was up
import type { Call } from './exercise.ts';

/** Puts the m-line on hold: that has to be agreed on. */
export function setMicrophone({ pc }: Call, on: boolean): void {
  const transceiver = pc.getTransceivers().find(({ receiver }) => receiver.track.kind === 'audio');
  if (transceiver) transceiver.direction = on ? 'sendrecv' : 'inactive';
}

export async function setCamera({ pc, openCamera }: Call, on: boolean): Promise<void> {
  const sender = pc.getTransceivers().find(({ receiver }) => receiver.track.kind === 'video')?.sender;
  const before = sender?.track;
  await sender?.replaceTrack(on ? await openCamera() : null);
  before?.stop();
}
