import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Entry } from '../../rtc/timeline.ts';
import { describeEntry } from '../panels/model/describe.ts';
import { inMs } from '../panels/model/format.ts';
import { Segments } from '../panels/parts.tsx';
import { PeerName } from '../panels/peer.tsx';
import {
  indexAt,
  indexOf,
  lanes,
  marksOf,
  nextMark,
  speeds,
  ticksOf,
  type Lane,
  type Speed,
} from './scrub.ts';
import type { ReplayView } from './view.ts';

/** Marks side by side; more of them could not be told apart. */
const SLOTS = 480;
/** How often a screen reader hears where a playing run is. */
const SAID_EVERY_MS = 2_000;

const laneNames: Readonly<Record<Lane, string>> = {
  signals: 'signals',
  states: 'states',
  errors: 'errors and faults',
};

/** Takes all panels to a moment of the run: by hand, by keyboard, or as fast as it went. */
export function Scrubber({ view, label = 'Moment of the run' }: { view: ReplayView; label?: string }) {
  const { list } = view.entries.value;
  const speed = useSignal<Speed>(1);
  const player = usePlayer(view, list, speed.value);
  const marks = useMemo(() => marksOf(list, SLOTS), [list]);
  const ticks = useMemo(() => ticksOf(list, 5), [list]);
  const index = indexOf(list, view.focus.value);
  const entry = list[index];
  const said = useSaid(entry, player.isPlaying, list.length);
  if (!entry) return <p class="replay-hint">Nothing was recorded in this run.</p>;

  const go = (to: number) => {
    player.pause();
    view.focus.value = list[Math.max(0, Math.min(list.length - 1, to))]?.seq ?? null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { PageUp: -1, PageDown: 1 }[event.key] as 1 | -1 | undefined;
    if (to) go(nextMark(list, index, to));
    else if (event.key === ' ') player.toggle();
    else return;
    event.preventDefault();
  };

  return (
    <div class="replay-scrubber" role="group" aria-label={label}>
      <div class="replay-track">
        <svg viewBox={`0 0 ${SLOTS} 30`} preserveAspectRatio="none" aria-hidden="true">
          {lanes.map((lane, row) => (
            <path
              key={lane}
              data-lane={lane}
              d={marks[lane].map((slot) => `M${slot + 0.5} ${row * 10 + 1}v8`).join('')}
            />
          ))}
        </svg>
        <input
          type="range"
          aria-label={label}
          aria-valuetext={wordsOf(entry, index, list.length)}
          min={0}
          max={list.length - 1}
          step={1}
          value={index}
          onInput={(event) => go(Number(event.currentTarget.value))}
          onKeyDown={onKeyDown}
        />
        <ol class="replay-ticks" aria-hidden="true">
          {ticks.map(({ place, atMs }) => (
            <li key={place} style={{ insetInlineStart: `${place * 100}%` }}>
              {inMs(atMs)}
            </li>
          ))}
        </ol>
      </div>
      <div class="replay-controls">
        <button type="button" class="replay-play" aria-pressed={player.isPlaying} onClick={player.toggle}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d={player.isPlaying ? 'M3.5 3h3v10h-3zm6 0h3v10h-3z' : 'M4.5 2.5 13 8l-8.5 5.5z'} />
          </svg>
          {player.isPlaying ? 'Pause' : 'Play'}
        </button>
        <Segments
          label="Speed of playing"
          options={speeds.map((one) => [String(one), `${one}×`] as const)}
          value={String(speed.value)}
          onChange={(value) => (speed.value = Number(value) as Speed)}
        />
        <p class="replay-where">
          <span class="replay-count">
            {index + 1} of {list.length} · {inMs(entry.atMs)} ms
          </span>
          <span>
            <PeerName peers={view.peers.value} peer={entry.peer} /> {describeEntry(entry).title}
          </span>
        </p>
        <ul class="replay-legend" aria-label="Marks on the scrubber">
          {lanes.map((lane) => (
            <li key={lane} data-lane={lane}>
              {laneNames[lane]}
            </li>
          ))}
        </ul>
      </div>
      <p class="ps-hidden" aria-live="polite">
        {said}
      </p>
    </div>
  );
}

const wordsOf = (entry: Entry, index: number, count: number): string =>
  `entry ${index + 1} of ${count}, ${inMs(entry.atMs)} milliseconds, ${entry.peer}: ${describeEntry(entry).title}`;

/** What is said while a run plays: never more than one sentence every two seconds. */
function useSaid(entry: Entry | undefined, isPlaying: boolean, count: number): string {
  const said = useRef({ text: '', atMs: 0 });
  if (!isPlaying) said.current = { text: '', atMs: 0 };
  else if (entry && performance.now() - said.current.atMs > SAID_EVERY_MS)
    said.current = { text: wordsOf(entry, entry.seq, count), atMs: performance.now() };
  return said.current.text;
}

/** Moves the focus through the recorded times. It stops at the end, and when a person takes over. */
function usePlayer(view: ReplayView, list: readonly Entry[], speed: Speed) {
  const isPlaying = useSignal(false);

  useEffect(() => {
    if (!isPlaying.value) return undefined;
    const last = list.length - 1;
    const from = indexOf(list, view.focus.peek());
    let atMs = list[from < last ? from : 0]?.atMs ?? 0;
    if (from >= last) view.focus.value = list[0]?.seq ?? null;
    let shown = view.focus.peek();
    let thenMs = performance.now();
    let frame = requestAnimationFrame(function next(nowMs) {
      // Somebody chose another entry in a panel: from there it goes on.
      if (view.focus.peek() !== shown) atMs = list[indexOf(list, view.focus.peek())]?.atMs ?? atMs;
      atMs += Math.max(0, nowMs - thenMs) * speed;
      thenMs = nowMs;
      const index = indexAt(list, atMs);
      shown = list[index]?.seq ?? null;
      if (shown !== view.focus.peek()) view.focus.value = shown;
      if (index >= last) isPlaying.value = false;
      else frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying.value, speed, list, view]);

  return {
    isPlaying: isPlaying.value,
    pause: () => (isPlaying.value = false),
    toggle: () => (isPlaying.value = !isPlaying.peek()),
  };
}
