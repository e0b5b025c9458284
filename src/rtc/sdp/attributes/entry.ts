import type { Explanation, Spec } from '../explanation.ts';
import type { Codec, MediaSection, SdpLine, SessionDescriptionModel } from '../parse.ts';

/** A line with what is needed to explain it. */
export type At = {
  line: SdpLine;
  /** `line.value` without the space that Chromium writes after `a=msid-semantic:`. */
  value: string;
  /** Undefined in the session section. */
  section: MediaSection | undefined;
  /** The lines of `section`, or those of the session section. */
  neighbours: readonly SdpLine[];
  model: SessionDescriptionModel;
};

/** What an entry says of one line; the rest of the `Explanation` is the entry's own. */
export type Said = Pick<Explanation, 'text'> &
  Partial<Pick<Explanation, 'title' | 'fields' | 'spec' | 'also' | 'refersTo'>>;

/** How one kind of line is explained. `explain` answers undefined where the value has not the form it must have. */
export type Entry = { title: string; spec: Spec; explain: (at: At) => Said | undefined };

export function rfc(number: number, section: string, title: string): Spec {
  return { name: `RFC ${number}`, section, title };
}

/** The meaning of a field that we cannot tell; the text around it stays true. */
export const unknownMeaning = 'not known to us';

export function numbersOf(lines: readonly SdpLine[]): number[] {
  return lines.map(({ number }) => number);
}

/** `refersTo` only where there is something to point to. */
export function pointingTo(...lines: (SdpLine | number | undefined)[]): { refersTo?: number[] } {
  const numbers = lines.flatMap((line) =>
    line === undefined ? [] : [typeof line === 'number' ? line : line.number],
  );
  const distinct = [...new Set(numbers)].toSorted((a, b) => a - b);
  return distinct.length > 0 ? { refersTo: distinct } : {};
}

/** "96 (VP8)", or the bare number where nothing names the codec. */
export function named(payloadType: string, section: MediaSection | undefined): string {
  const codec = section?.codecs.get(payloadType);
  return codec ? `${payloadType} (${codec.name})` : payloadType;
}

export function codecOf(payloadType: string, section: MediaSection | undefined): Codec | undefined {
  return section?.codecs.get(payloadType);
}

/** "a, b and c". */
export function listed(items: readonly string[], last = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
}

/** "no lines", "1 line", "2 lines". */
export function counted(count: number, noun: string): string {
  return `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
