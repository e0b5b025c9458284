import type { Examined } from '../../rtc/media/examine-file.ts';
import { toneDb } from '../../rtc/media/goertzel.ts';
import { toneOf } from '../../rtc/media/tone.ts';

/** What is fainter than this is not called heard, dBFS; a voice is sent at −20. */
const FAINT_DB = -50;

/** What a file says of a meeting, by who is in it. */
export interface Found {
  /** Whose pictures were read, and how many different frames of each. */
  readonly seen: ReadonlyMap<string, number>;
  /** Whose tones are in its sound. */
  readonly heard: readonly string[];
  /** The clock of a picture at the beginning of the file, milliseconds since midnight UTC; by it files are put side by side. */
  readonly beginsMs: number | undefined;
}

/** @param people who may be in it, each with the first letters of the name in the picture, and a tone */
export function foundIn(
  { codes, sound }: Pick<Examined, 'codes' | 'sound'>,
  people: readonly string[],
): Found {
  const seen = new Map<string, number>();
  for (const code of codes.flat()) {
    const person = people.find((name) => name.startsWith(code.peer)) ?? code.peer;
    seen.set(person, (seen.get(person) ?? 0) + 1);
  }
  const heard = people.filter(
    (person) => sound && toneDb(sound.samples, sound.rateHz, toneOf(person)) > FAINT_DB,
  );
  const [first] = codes.flat().toSorted((a, b) => a.atSec - b.atSec);
  return { seen, heard, beginsMs: first && first.clockMs - first.atSec * 1000 };
}
