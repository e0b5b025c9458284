import { useLayoutEffect, useRef } from 'preact/hooks';
import './panel.css';
import './code-pane.css';

interface Props {
  /** The text of the file that runs. */
  readonly source: string;
  /** The same, highlighted by Shiki when the site was built: one `.line` a line. Our own text, so it may be markup. */
  readonly html?: string;
  /** Lines to point at, counted from 1. */
  readonly highlightLines?: readonly number[];
  /** Whether the run is held in front of these lines. */
  readonly isWaiting?: boolean;
  /** What it is, where a page shows several. */
  readonly label?: string;
}

/** Shows the file that the Run button executes. */
export function CodePane({
  source,
  html,
  highlightLines = [],
  isWaiting = false,
  label = 'Source code',
}: Props) {
  const code = useRef<HTMLDivElement>(null);
  const marked = highlightLines.join(' ');

  useLayoutEffect(() => {
    const lines = code.current?.querySelectorAll('.line') ?? [];
    for (const [index, line] of lines.entries())
      line.classList.toggle('ps-marked', highlightLines.includes(index + 1));
    const first = code.current?.querySelector<HTMLElement>('.ps-marked');
    if (first) reveal(first);
  }, [marked, html, source]);

  const frame = {
    class: 'ps-code',
    'data-waiting': isWaiting || undefined,
    role: 'region',
    'aria-label': label,
    tabIndex: 0,
    ref: code,
  } as const;
  // `data-code-html`: whoever brings the page to life takes the markup from here instead of sending it twice.
  if (html) return <div {...frame} data-code-html dangerouslySetInnerHTML={{ __html: html }} />;
  return (
    <div {...frame}>
      <pre>
        <code>
          {source
            .trimEnd()
            .split('\n')
            .flatMap((line, index) => [
              <span key={index} class="line">
                {line}
              </span>,
              '\n',
            ])}
        </code>
      </pre>
    </div>
  );
}

/** Scrolls whatever clips the line inside this pane, and never the page: somebody is reading there. */
function reveal(line: HTMLElement): void {
  const { top, bottom, height } = line.getBoundingClientRect();
  for (let box = line.parentElement; box && box !== document.body; box = box.parentElement) {
    if (box.scrollHeight > box.clientHeight + 1 && getComputedStyle(box).overflowY !== 'visible') {
      const frame = box.getBoundingClientRect();
      const isOutside = top < frame.top + height || bottom > frame.bottom - height;
      if (isOutside) box.scrollTop += (top + bottom) / 2 - (frame.top + frame.bottom) / 2;
      return;
    }
    if (box.classList.contains('lab-code')) return;
  }
}
