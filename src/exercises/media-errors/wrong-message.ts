// taken: threw
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
    switch (true) {
      case /denied/i.test((error as Error).message):
        return messages.allow;
      case /not found/i.test((error as Error).message):
        return messages.plugIn;
      case /could not start/i.test((error as Error).message):
        return messages.closeOther;
      case 'constraint' in (error as object):
        return messages.askLess;
      default:
        throw error;
    }
  }
}
