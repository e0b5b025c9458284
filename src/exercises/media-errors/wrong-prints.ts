// opened: gave `undefined`
import type { CaptureDevices } from '../../rtc/index.ts';
import type { Messages } from './exercise.ts';

export function open(mediaDevices: CaptureDevices | undefined, messages: Messages): void {
  for (const message of Object.values(messages)) console.warn(`open() gave ${String(message)}`);
  console.warn(mediaDevices, 'open() gave a stream.');
}
