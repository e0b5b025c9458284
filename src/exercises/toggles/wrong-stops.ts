// unmuted: bob hears nothing
import type { Call } from './exercise.ts';

/** Gives the microphone back: it cannot be heard again. */
export function setMicrophone({ microphone }: Call, on: boolean): void {
  if (on) microphone.enabled = true;
  else microphone.stop();
}

export async function setCamera(): Promise<void> {}
