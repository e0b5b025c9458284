import { useSignalEffect, type Signal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { anchorsOf, sameStep } from '../../rtc/recording/milestones.ts';
import { Segments } from '../panels/parts.tsx';
import { indexAt, indexOf } from './scrub.ts';
import type { ReplayView } from './view.ts';

/** How the second run follows the first, and the first the second. */
export type Follow = 'step' | 'time' | 'none';

export function Follow({ follow }: { follow: Signal<Follow> }) {
  return (
    <div class="replay-follow">
      <span>Both scrubbers move</span>
      <Segments<Follow>
        label="How the scrubbers move"
        options={[
          ['step', 'to the same step'],
          ['time', 'to the same time'],
          ['none', 'alone'],
        ]}
        value={follow.value}
        onChange={(value) => (follow.value = value)}
      />
    </div>
  );
}

/** Keeps two runs at the same moment: whichever was moved leads. */
export function useFollowing(a: ReplayView, b: ReplayView, follow: Signal<Follow>): void {
  const anchors = useMemo(
    () => [anchorsOf(a.recording.entries), anchorsOf(b.recording.entries)] as const,
    [a, b],
  );
  // The run that was there first leads at the start: the other one joins it where it stands.
  const last = useRef<Record<'a' | 'b', number | null | undefined>>({ a: undefined, b: b.focus.peek() });
  useSignalEffect(() => {
    const how = follow.value;
    const [focusA, focusB] = [a.focus.value, b.focus.value];
    const wasMoved = { a: focusA !== last.current.a, b: focusB !== last.current.b };
    if (how !== 'none' && wasMoved.a) b.focus.value = placeIn(a, b, how, anchors[0], anchors[1]);
    else if (how !== 'none' && wasMoved.b) a.focus.value = placeIn(b, a, how, anchors[1], anchors[0]);
    last.current = { a: a.focus.peek(), b: b.focus.peek() };
  });
}

function placeIn(
  from: ReplayView,
  to: ReplayView,
  how: 'step' | 'time',
  ...[fromAnchors, toAnchors]: [ReturnType<typeof anchorsOf>, ReturnType<typeof anchorsOf>]
): number | null {
  const focus = from.focus.peek();
  if (focus === null) return null;
  const [listFrom, listTo] = [from.recording.entries, to.recording.entries];
  const at = indexOf(listFrom, focus);
  const index =
    how === 'step' ? sameStep(at, fromAnchors, toAnchors) : indexAt(listTo, listFrom[at]?.atMs ?? 0);
  return listTo[index]?.seq ?? null;
}
