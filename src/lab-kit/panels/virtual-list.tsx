/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a <select> can hold neither these rows nor a part of its options */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { scrollTo, windowOf, type Window } from './model/window.ts';

export interface Row {
  readonly key: number;
  /** The row as a screen reader says it. */
  readonly label: string;
  readonly class?: string;
  readonly style?: Readonly<Record<string, string>>;
  /** It says something about its neighbours and cannot be chosen. */
  readonly isBreak?: boolean;
  readonly children: ComponentChildren;
}

/** What is drawn, in pixels. */
export interface Sizes {
  readonly width: number;
  readonly rowHeight: number;
}

interface Props {
  readonly label: string;
  /** How many rows there are; only those in view are drawn. */
  readonly count: number;
  /** Pixels, until the style sheet has said what `--ps-list-row` is here. */
  readonly rowHeight: number;
  readonly row: (index: number, sizes: Sizes) => Row;
  /** Drawn behind the rows, over the pixels from `first · rowHeight` to `last · rowHeight`. */
  readonly behind?: (window: Window, sizes: Sizes) => ComponentChildren;
  /** Stays above the rows. */
  readonly head?: (sizes: Sizes) => ComponentChildren;
  /** The chosen row, or null for «now»: then the list follows its newest row. */
  readonly chosen: number | null;
  readonly onChoose: (index: number | null) => void;
  /** Enter on the chosen row. */
  readonly onOpen?: () => void;
  /** Any other key, or a click on a row: true when it was for the panel itself. */
  readonly onKey?: (key: string) => boolean;
  readonly onPress?: (index: number) => boolean;
}

/** What lies behind the rows is drawn for so many of them at a time. */
const BLOCK = 16;
const MOST_KEPT = 400;

/**
 * A listbox of any length with rows of one height, of which only the rows in view are in the document.
 *
 * Arrow keys, Page Up and Down, Home and End move the choice, Escape goes back to «now» (WAI-ARIA listbox pattern with
 * `aria-activedescendant`). It follows the newest row until the person scrolls up or chooses a row.
 */
export function VirtualList(props: Props) {
  const { label, count, row, behind, head, chosen, onChoose, onOpen, onKey, onPress } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const size = useSignal({ width: 0, height: 0, rowHeight: props.rowHeight });
  /** Counts the times that other rows came into sight. */
  const turns = useSignal(0);
  const follows = useSignal(true);
  const seen = useRef({ scrollTop: 0, count: 0, place: '' });
  const { width, height, rowHeight } = size.value;
  void turns.value; // drawn anew when it changes
  const sizes = { width, rowHeight };

  // Another run, or another filter: nobody has scrolled in that list yet.
  if (count < seen.current.count && !follows.peek()) follows.value = true;
  seen.current.count = count;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    // Rows are as high as the style sheet wants them, and that changes where everything is enlarged.
    const measure = () =>
      (size.value = {
        width: element.clientWidth,
        height: element.clientHeight,
        rowHeight: probe.current?.offsetHeight || props.rowHeight,
      });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    if (probe.current) observer.observe(probe.current);
    measure();
    return () => observer.disconnect();
  }, []);

  // Where the list is going to stand is known before it is drawn: so its rows are drawn and laid out once.
  const place = [chosen ?? (follows.value ? count : 'free'), height, rowHeight].join();
  if (height > 0 && place !== seen.current.place) {
    seen.current.place = place;
    const end = Math.max(0, count * rowHeight - height);
    if (chosen !== null)
      seen.current.scrollTop = Math.min(end, scrollTo(chosen, seen.current.scrollTop, height, rowHeight));
    else if (follows.value) seen.current.scrollTop = end;
  }
  const { scrollTop } = seen.current;
  useLayoutEffect(() => {
    if (scroller.current && height > 0) scroller.current.scrollTop = scrollTop;
  }, [place]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const before = seen.current.scrollTop;
    seen.current.scrollTop = element.scrollTop;
    // Only a person scrolls up; rows that came since the last event leave the place where it was.
    const isAtEnd = element.scrollTop + height >= count * rowHeight - rowHeight;
    if (isAtEnd) follows.value = true;
    else if (element.scrollTop < before - 1) follows.value = false; // the browser rounds to its own pixels
    if (Math.floor(element.scrollTop / rowHeight) !== Math.floor(before / rowHeight)) turns.value++;
  };

  const toNow = () => {
    follows.value = true;
    onChoose(null);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || count === 0) return;
    if (event.key === 'Escape' && chosen !== null) toNow();
    else if (onKey?.(event.key)) event.stopPropagation();
    else if (event.key === 'Enter' && chosen !== null) onOpen?.();
    else {
      const next = move(event.key, chosen, count, Math.max(1, Math.floor(height / rowHeight) - 1));
      if (next === undefined) return;
      onChoose(next);
    }
    event.preventDefault();
  };

  const window = windowOf(
    Math.floor(scrollTop / rowHeight) * rowHeight,
    height + rowHeight,
    rowHeight,
    count,
  );
  const indices = Array.from({ length: window.last - window.first }, (_, offset) => window.first + offset);
  // The chosen row stays in the document wherever it is: aria-activedescendant has to point at something.
  if (chosen !== null && (chosen < window.first || chosen >= window.last)) indices.push(chosen);

  // While a person scrolls, what was drawn stays as it is: only rows that come into sight cost something.
  const drawn = useMemo(
    () => ({ rows: new Map<number, ComponentChildren>(), behind: new Map<string, ComponentChildren>() }),
    [row, behind, chosen, count, width, rowHeight],
  );
  const drawRow = (index: number) => {
    const known = drawn.rows.get(index);
    if (known) return known;
    const { key, label: text, class: name = '', style, isBreak, children } = row(index, sizes);
    const option = (
      // The listbox has the focus and takes the keys for all of its options.
      // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
      <div
        key={key}
        id={`${id}-${index}`}
        role="option"
        tabIndex={-1}
        aria-selected={index === chosen}
        aria-disabled={isBreak}
        aria-posinset={index + 1}
        aria-setsize={count}
        class={`ps-row ${name}`}
        style={{ ...style, insetBlockStart: `${index * rowHeight}px`, blockSize: `${rowHeight}px` }}
        onClick={() => {
          if (!isBreak && !onPress?.(index)) onChoose(index);
          scroller.current?.focus({ preventScroll: true });
        }}
      >
        {/* What is seen is drawn in pieces; what is said is one sentence. */}
        <span class="ps-hidden">{text}</span>
        <span class="ps-drawn" aria-hidden="true">
          {children}
        </span>
      </div>
    );
    if (drawn.rows.size > MOST_KEPT) drawn.rows.clear();
    drawn.rows.set(index, option);
    return option;
  };
  const drawBehind = () => {
    const first = Math.floor(window.first / BLOCK) * BLOCK;
    const last = Math.min(count, Math.ceil(window.last / BLOCK) * BLOCK);
    const known = drawn.behind.get(`${first} ${last}`);
    if (known) return known;
    const picture = behind?.({ first, last }, sizes);
    drawn.behind.clear();
    drawn.behind.set(`${first} ${last}`, picture);
    return picture;
  };

  return (
    <div class="ps-list">
      {head?.(sizes)}
      <span class="ps-row-probe" ref={probe} aria-hidden="true" />
      <div
        class="ps-scroller"
        ref={scroller}
        role="listbox"
        aria-label={label}
        tabIndex={0}
        {...(chosen !== null && { 'aria-activedescendant': `${id}-${chosen}` })}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        <div class="ps-rows" role="presentation" style={{ blockSize: `${count * rowHeight}px` }}>
          {behind && width > 0 && drawBehind()}
          {indices.map(drawRow)}
        </div>
      </div>
      {(chosen !== null || !follows.value) && (
        <button type="button" class="ps-button ps-to-now" onClick={toNow}>
          Back to now
        </button>
      )}
    </div>
  );
}

/** Where a key takes the choice. From «now», up goes to the newest row and down to the first. */
function move(key: string, from: number | null, count: number, page: number): number | undefined {
  const last = count - 1;
  switch (key) {
    case 'ArrowUp':
      return from === null ? last : Math.max(0, from - 1);
    case 'ArrowDown':
      return from === null ? 0 : Math.min(last, from + 1);
    case 'PageUp':
      return Math.max(0, (from ?? count) - page);
    case 'PageDown':
      return from === null ? last : Math.min(last, from + page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
