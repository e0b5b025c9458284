import { alignDescriptions } from '../../../rtc/sdp/align.ts';
import type { MediaSection, SdpLine, SessionDescriptionModel } from '../../../rtc/sdp/parse.ts';

/** One section of an offer and of its answer. Each keeps its own order; `row` says which lines stand side by side. */
export interface SectionPair {
  /** −1 for the session section. */
  readonly index: number;
  readonly title: string;
  readonly hint: string;
  readonly offer: readonly PlacedLine[];
  readonly answer: readonly PlacedLine[];
}
export interface PlacedLine {
  readonly line: SdpLine;
  /** Counts from 1 within the section. */
  readonly row: number;
}

const nothing: SessionDescriptionModel = { text: '', lines: [], session: [], media: [], problems: [] };

/** The sections of both descriptions for display; either may be missing. */
export function sideBySide(
  offer: SessionDescriptionModel = nothing,
  answer: SessionDescriptionModel = nothing,
): SectionPair[] {
  return alignDescriptions(offer, answer).map(({ index, left, right, lines }) => {
    const place = (side: 'left' | 'right'): PlacedLine[] =>
      lines
        .flatMap((pair, row) => (pair[side] ? [{ line: pair[side], row: row + 1 }] : []))
        .toSorted((a, b) => a.line.number - b.line.number);
    return { index, ...heading(index, left, right), offer: place('left'), answer: place('right') };
  });
}

function heading(index: number, offered: MediaSection | undefined, answered: MediaSection | undefined) {
  if (index < 0) return { title: 'Session', hint: 'holds for all media' };
  const { kind = '', mid } = offered ?? answered ?? {};
  const directions = [offered?.direction, answered?.rejected ? 'rejected' : answered?.direction].filter(
    Boolean,
  );
  return {
    title: `m-section ${index}: ${kind}`,
    hint: [mid === undefined ? '' : `mid ${mid}`, directions.join(' → ')].filter(Boolean).join(', '),
  };
}
