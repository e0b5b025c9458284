import type { PairOutcome, PairRow } from './checklist.ts';

/** A part of a lane, in shares of its length, 0 … 1. */
export interface Span {
  readonly outcome: PairOutcome;
  readonly from: number;
  readonly to: number;
}

export interface Lane {
  readonly pair: PairRow;
  readonly spans: readonly Span[];
  /** Request: more of them had been sent. Nominated and selected: from here on. */
  readonly marks: readonly { readonly what: 'request' | 'nominated' | 'selected'; readonly at: number }[];
}

export interface Lanes {
  readonly startMs: number;
  readonly endMs: number;
  readonly lanes: readonly Lane[];
}

/** At least this long, so that a check of a millisecond is seen as the short thing that it is. */
const SHORTEST_MS = 20;

/**
 * The checks of all pairs on one scale of time, which ends a little after the last state has changed: consent goes on
 * for as long as the call and would press everything before it together.
 */
export function lanesOf(pairs: readonly PairRow[]): Lanes {
  const startMs = Math.min(...pairs.map(({ moments }) => moments[0]?.atMs ?? Infinity));
  const lastMs = Math.max(startMs, ...pairs.flatMap((pair) => changesOf(pair)));
  const endMs = startMs + Math.max(SHORTEST_MS, (lastMs - startMs) * 1.12);
  const share = (atMs: number) => Math.min(1, Math.max(0, (atMs - startMs) / (endMs - startMs)));
  return { startMs, endMs, lanes: pairs.map((pair) => laneOf(pair, share)) };
}

/** When the state, or what was decided about the pair, became another one. */
function changesOf({ moments, goneMs }: PairRow): number[] {
  const changes = moments.filter((moment, index) => {
    const before = moments[index - 1];
    return (
      before?.state !== moment.state ||
      before.selected !== moment.selected ||
      before.nominated !== moment.nominated
    );
  });
  return [...changes.map(({ atMs }) => atMs), ...(goneMs === undefined ? [] : [goneMs])];
}

const known: readonly PairOutcome[] = ['frozen', 'waiting', 'in-progress', 'succeeded', 'failed'];

function laneOf(pair: PairRow, share: (atMs: number) => number): Lane {
  const { moments, goneMs } = pair;
  const spans: Span[] = [];
  const marks: { what: 'request' | 'nominated' | 'selected'; at: number }[] = [];
  for (const [index, moment] of moments.entries()) {
    const before = moments[index - 1];
    const outcome = known.find((one) => one === moment.state) ?? 'waiting';
    const to = share(moments[index + 1]?.atMs ?? goneMs ?? Infinity);
    const last = spans.at(-1);
    if (last?.outcome === outcome) spans[spans.length - 1] = { ...last, to };
    else spans.push({ outcome, from: share(moment.atMs), to });
    const at = share(moment.atMs);
    if ((moment.requestsSent ?? 0) > (before?.requestsSent ?? 0) && at < 1)
      marks.push({ what: 'request', at });
    if (moment.nominated && !before?.nominated) marks.push({ what: 'nominated', at });
    if (moment.selected && !before?.selected) marks.push({ what: 'selected', at });
  }
  return { pair, spans, marks };
}
