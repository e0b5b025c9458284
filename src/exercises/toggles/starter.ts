import type { Call } from './exercise.ts';

/** Mutes the microphone, or opens it again. */
export function setMicrophone({ pc, stream, microphone }: Call, on: boolean): void {
  const sender = pc.getSenders().find(({ track }) => track === microphone);
  if (on) pc.addTrack(microphone, stream);
  else if (sender) pc.removeTrack(sender);
}

/** Turns the camera off and gives it back, or opens it again. */
export async function setCamera({ pc, stream, openCamera }: Call, on: boolean): Promise<void> {
  const sender = pc.getSenders().find(({ track }) => track?.kind === 'video');
  if (on) {
    pc.addTrack(await openCamera(), stream);
  } else if (sender) {
    sender.track?.stop();
    pc.removeTrack(sender);
  }
}
