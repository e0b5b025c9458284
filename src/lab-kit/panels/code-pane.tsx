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
}

/** Shows the file that the Run button executes. */
export function CodePane({ source, html, highlightLines = [] }: Props) {
  const code = useRef<HTMLDivElement>(null);
  const marked = highlightLines.join(' ');

  useLayoutEffect(() => {
    const lines = code.current?.querySelectorAll('.line') ?? [];
    for (const [index, line] of lines.entries())
      line.classList.toggle('ps-marked', highlightLines.includes(index + 1));
    code.current?.querySelector('.ps-marked')?.scrollIntoView({ block: 'nearest' });
  }, [marked, html, source]);

  const frame = {
    class: 'ps-code',
    role: 'region',
    'aria-label': 'Source code',
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
