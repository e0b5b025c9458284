import { readName } from './address.ts';

const KEY = 'peerscope.meeting.name';

/** The name of the last time; empty when there is none, or nothing may be read. */
export function rememberedName(): string {
  try {
    const read = readName(localStorage.getItem(KEY) ?? '');
    return 'value' in read ? read.value : '';
  } catch {
    return '';
  }
}

/** Keeps a name for the next time; where nothing can be kept it is forgotten with the page. */
export function rememberName(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // Full, or not allowed.
  }
}
