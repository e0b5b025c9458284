// missing: threw
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
      case 'PermissionDeniedError':
        return messages.allow;
      case 'DevicesNotFoundError':
        return messages.plugIn;
      case 'TrackStartError':
        return messages.closeOther;
      case 'ConstraintNotSatisfiedError':
        return messages.askLess;
      default:
        throw error;
    }
  }
}
