import type { CaptureDevices } from '../../rtc/index.ts';
import type { Messages } from './exercise.ts';

/** The camera's stream, or what to tell the person who has none. `mediaDevices` is undefined without https. */
export async function open(
  mediaDevices: CaptureDevices | undefined,
  messages: Messages,
): Promise<MediaStream | string> {
  const stream = await mediaDevices!.getUserMedia({ video: { width: { min: 640 } } });
  return stream ?? messages.allow;
}
