import { diffDescriptions } from '../../../rtc/sdp/align.ts';
import type { SdpLine, SessionDescriptionModel } from '../../../rtc/sdp/parse.ts';

/** What became of a line since the description before. */
export type Mark = { readonly kind: 'added' } | { readonly kind: 'changed'; readonly before: string };

export interface Marks {
  /** By line number, from 1. */
  readonly lines: ReadonlyMap<number, Mark>;
  /** Lines of the description before that are there no more, by the section that they stood in (−1: session). */
  readonly gone: ReadonlyMap<number, readonly SdpLine[]>;
}

/** Marks the lines of a description by what changed since the one before. */
export function marksOf(before: SessionDescriptionModel, after: SessionDescriptionModel): Marks {
  const lines = new Map<number, Mark>();
  const gone = new Map<number, SdpLine[]>();
  for (const change of diffDescriptions(before, after)) {
    if (change.kind === 'added') lines.set(change.after.number, { kind: 'added' });
    else if (change.kind === 'changed')
      lines.set(change.after.number, { kind: 'changed', before: change.before.raw });
    else gone.set(change.sectionIndex, [...(gone.get(change.sectionIndex) ?? []), change.before]);
  }
  return { lines, gone };
}
