import type { MiddleboxKind } from '../../../protocol/middlebox.ts';
import type { Reaction } from '../../../protocol/signaling.ts';
import type { Said } from '../../../rtc/meeting/chat.ts';
import type { Transfer } from '../../../rtc/meeting/files/transfer.ts';
import type { Path } from '../../../rtc/meeting/path.ts';
import { never } from '../../../rtc/never.ts';

/** What a reaction looks like, and what it is called. */
export const reactionWords: Readonly<Record<Reaction, { readonly sign: string; readonly words: string }>> = {
  'thumbs-up': { sign: '👍', words: 'thumbs up' },
  clap: { sign: '👏', words: 'applause' },
  heart: { sign: '❤️', words: 'a heart' },
  laugh: { sign: '😂', words: 'laughter' },
  surprise: { sign: '😮', words: 'surprise' },
  party: { sign: '🎉', words: 'a party' },
  yes: { sign: '✅', words: 'yes' },
  no: { sign: '❌', words: 'no' },
};

const units = ['kB', 'MB', 'GB'] as const;

/** A size for people, in powers of 1000 as disks are sold: `5.2 MB`. */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} bytes`;
  let value = bytes / 1000;
  let unit = 0;
  // Rounded first: 999 960 bytes are 1.0 MB and not 1000 kB.
  while (unit < units.length - 1 && Math.round(value * 10) >= 10_000) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 100 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A sentence's part and what explains it. */
export interface Words {
  readonly text: string;
  readonly title: string;
}

/** By which way a message came or went. */
export function messagePath({ path, sending, otherAfterMs }: Said): Words {
  if (!sending) {
    const later =
      otherAfterMs === undefined || otherAfterMs < 1 ? 'at the same time' : `${otherAfterMs} ms later`;
    const isTwice = otherAfterMs !== undefined;
    switch (path) {
      case 'direct':
        return {
          text: isTwice ? `direct, the server’s copy ${later}` : 'direct',
          title: 'It came over the data channel between you two first. The server’s copy is not shown twice.',
        };
      case 'server':
        return {
          text: isTwice ? `through the server, directly ${later}` : 'through the server',
          title: isTwice
            ? 'It came through the signaling server first; what came over the data channel is not shown twice.'
            : 'It came through the signaling server: there is no open data channel to its sender.',
        };
      case 'history':
        return {
          text: 'kept by the server',
          title: 'It was said when this page was not there. The server keeps the last 100 messages.',
        };
      default:
        return never(path);
    }
  }
  const { is, direct, others, server, error } = sending;
  if (is === 'failed')
    return { text: `not sent: ${error?.message ?? 'no way was open'}`, title: error?.help ?? '' };
  if (is === 'sending')
    return { text: 'waits for a way', title: 'Nobody has it yet: it goes when the server is back.' };
  if (server && others === 0 && direct === 0)
    return { text: 'kept by the server', title: 'The server has it for whoever comes later.' };
  const straight = `direct to ${direct} of ${others}`;
  return server
    ? {
        text:
          direct === others
            ? 'direct to all'
            : direct === 0
              ? 'through the server'
              : `${straight}, the server to the rest`,
        title: `${straight}, over a data channel to each; and to the server, which keeps it for those who come later.`,
      }
    : {
        text: `${straight}, not to the server`,
        title: error
          ? `The server refused it: ${error.message}. Those who come later will not see it.`
          : 'The server does not have it yet.',
      };
}

/** By which way a connection goes. */
export function pathWords(path: Path | undefined): Words | null {
  if (!path) return null;
  const protocol = path.protocol.toUpperCase();
  return path.by === 'direct'
    ? { text: `direct, ${protocol}`, title: 'From this device to theirs: no server passes it on.' }
    : {
        text: `relayed, ${protocol}`,
        title: 'Through a TURN server, which passes on what it cannot read. No direct way was found.',
      };
}

/** By which way somebody's media come, where there is no connection to them. */
export function throughWords(kind: MiddleboxKind): Words {
  return kind === 'sfu'
    ? {
        text: 'through the SFU',
        title:
          'Their packets go to the server, which forwards them to you. It decrypts and encrypts them on the way: it could read them.',
      }
    : {
        text: 'in the mix',
        title:
          'The server decodes what they send and puts it into one picture and one sound for you. It sees and hears all of it.',
      };
}

/** Where a file stands. `other`: how its other end is called. */
export function transferWords(
  { direction, state, bytes, sizeBytes, bytesPerSec }: Transfer,
  other: string,
): string {
  const isOut = direction === 'out';
  switch (state.is) {
    case 'offered':
      return isOut ? `${other} has not answered yet` : `${other} offers it to you`;
    case 'moving': {
      const part = `${sizeWords(bytes)} of ${sizeWords(sizeBytes)}`;
      return bytesPerSec === undefined || bytes === 0 ? part : `${part}, ${sizeWords(bytesPerSec)}/s`;
    }
    case 'paused':
      return `Cut at ${sizeWords(bytes)}: goes on there when the connection is back`;
    case 'kept':
      return isOut ? `${other} has it` : 'Here, whole';
    case 'ended':
      return endWords(state.why, state.by === 'us', isOut, other);
    default:
      return never(state);
  }
}

function endWords(
  why: Extract<Transfer['state'], { is: 'ended' }>['why'],
  byUs: boolean,
  isOut: boolean,
  other: string,
): string {
  switch (why) {
    case 'declined':
      return byUs ? 'You did not want it' : `${other} did not want it`;
    case 'cancelled':
      return byUs ? 'You have ended it' : `${other} has ended it`;
    case 'too-many':
      return `${other} has too many unanswered offers: wait for an answer, then offer it again`;
    case 'broken':
      return 'Its SHA-256 was another one than the sender’s: nothing was kept. Send it again';
    case 'unreadable':
      return isOut
        ? 'The file has changed or is gone: choose it again'
        : `${other}’s file has changed on their disk, or is gone`;
    case 'no-space':
      return byUs ? 'Your browser has no room for it' : `${other}’s browser has no room for it`;
    case 'protocol':
      return 'The other page sent what does not belong to this file: it was ended, and nothing was kept';
    case 'gone':
      return `${other} has left, or has loaded the page anew`;
    default:
      return never(why);
  }
}
