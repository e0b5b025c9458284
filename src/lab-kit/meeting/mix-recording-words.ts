import { mixKept } from '../../protocol/middlebox.ts';
import { RoomError } from '../../rtc/signaling/room-client.ts';
import { sizeWords } from './people/words.ts';

/** Length and size of a recording, as far as the server has told. */
export interface Measure {
  /** 0 or more. */
  readonly seconds: number;
  readonly sizeBytes: number;
}

/** @param seconds 0 or more */
export const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

export const measureWords = ({ seconds, sizeBytes }: Measure): string =>
  `${clock(seconds)} · ${sizeWords(sizeBytes)}`;

const timeFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** A time of the day, by the clock of this page: `14:02`. @param atMs since 1970 */
export const timeWords = (atMs: number): string => timeFormat.format(atMs);

const keptFor = mixKept.ms === 3_600_000 ? 'an hour' : `${mixKept.ms / 60_000} minutes`;

/** What becomes of what is recorded. */
export const whatIsKept = `Kept on the server: the picture and the sound of everybody, for ${keptFor} from its end. Whoever is here then gets the link.`;

/** Who records. @param host by name, `you`, or null while there is none */
export const recordsWords = (host: string | null): string => {
  if (host === null) return 'The server records this meeting.';
  return `The server records this meeting for ${host}, the host.`;
};

/** That there is a file. @param why it has ended, where nobody has ended it */
export function doneWords(measure: Measure, untilMs: number, why: string | null): string {
  const size = `${clock(measure.seconds)}, ${sizeWords(measure.sizeBytes)}`;
  return `${why ? `${why} ` : ''}The server no longer records. The file, ${size}, can be downloaded until ${timeWords(untilMs)}: the link is at the upper edge, and under «More».`;
}

export const failedWords = (why: string | null): string =>
  `The recording on the server has failed, and there is no file. ${why ?? ''}`.trimEnd();

/** After a time without a word of it. */
export const silentWords =
  'The server no longer tells of its recording: it may have ended while the line was gone. If so, somebody else was told where the file is.';

/** What the server keeps of a meeting that one has left. */
export function keptWords({
  isKept,
  goesOn,
}: {
  readonly isKept: boolean;
  readonly goesOn: boolean;
}): string {
  if (goesOn)
    return `The server was recording when you left. It goes on as long as somebody is there, and they get the link; the file is kept for ${keptFor}.`;
  if (isKept) return 'The server keeps nothing of the meeting but what it has recorded:';
  return 'Nothing of the meeting is kept by the server.';
}

/** Why the server does not begin, or end, a recording. */
export function refusalWords(error: unknown): string {
  if (!(error instanceof RoomError)) return `The server could not be asked: ${String(error)}.`;
  switch (error.code) {
    case 'middlebox-full':
    case 'middlebox-unavailable':
      return `The server does not record: ${error.message}.`;
    default:
      return error.help;
  }
}
