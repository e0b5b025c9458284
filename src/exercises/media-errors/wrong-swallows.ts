// unknown: gave `messages.allow`
import type { CaptureDevices } from '../../rtc/index.ts';
import type { Messages } from './exercise.ts';

/** The camera's stream, or what to tell the person who has none. `mediaDevices` is undefined without https. */
export async function open(
  mediaDevices: CaptureDevices | undefined,
  messages: Messages,
): Promise<MediaStream | string> {
  if (!mediaDevices) return messages.goSecure;
  try {
    return await mediaDevices.getUserMedia({ video: { width: { min: 640 } } });
  } catch (error) {
    switch ((error as Error).name) {
      case 'NotAllowedError':
        return messages.allow;
      case 'NotFoundError':
        return messages.plugIn;
      case 'NotReadableError':
        return messages.closeOther;
      case 'OverconstrainedError':
        return messages.askLess;
      default:
        return messages.allow;
    }
  }
}
