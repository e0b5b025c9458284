/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a <select> can hold neither these rows nor a part of its options */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
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
  const topRow = useSignal(0);
  const follows = useSignal(true);
  const seen = useRef({ scrollTop: 0, count: 0 });
  const { width, height, rowHeight } = size.value;
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

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && chosen === null && follows.value) element.scrollTop = element.scrollHeight;
  }, [count, chosen, height, rowHeight, follows.value]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && chosen !== null)
      element.scrollTop = scrollTo(chosen, element.scrollTop, element.clientHeight, rowHeight);
  }, [chosen, height, rowHeight]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    topRow.value = Math.floor(element.scrollTop / rowHeight);
    // Only a person scrolls up; rows that came since the last event leave the place where it was.
    const isAtEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - rowHeight;
    if (isAtEnd) follows.value = true;
    else if (element.scrollTop < seen.current.scrollTop) follows.value = false;
    seen.current.scrollTop = element.scrollTop;
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

  const window = windowOf(topRow.value * rowHeight, height + rowHeight, rowHeight, count);
  const indices = Array.from({ length: window.last - window.first }, (_, offset) => window.first + offset);
  // The chosen row stays in the document wherever it is: aria-activedescendant has to point at something.
  if (chosen !== null && (chosen < window.first || chosen >= window.last)) indices.push(chosen);

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
          {behind && width > 0 && behind(window, sizes)}
          {indices.map((index) => {
            const { key, label: text, class: name = '', style, isBreak, children } = row(index, sizes);
            return (
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
          })}
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
