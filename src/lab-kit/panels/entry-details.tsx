import type { Signal } from '@preact/signals';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';
import { describeEntry } from './model/describe.ts';
import { inMs } from './model/format.ts';
import { PeerName } from './peer.tsx';

interface Props {
  readonly entry: Entry | undefined;
  readonly peers: readonly PeerLabel[];
  /** Whether the whole text is open. */
  readonly open: Signal<boolean>;
}

/** The chosen entry in words, and its text as it crossed. */
export function EntryDetails({ entry, peers, open }: Props) {
  if (!entry)
    return (
      <p class="ps-details ps-hint">
        <span class="ps-keys">
          <kbd>↑</kbd> <kbd>↓</kbd> step through the run and take every panel back to that moment;{' '}
          <kbd>Enter</kbd> opens the text, <kbd>Esc</kbd> returns to now.
        </span>
        <span class="ps-touch">Tap a row to take every panel back to that moment.</span>
      </p>
    );
  const { title, detail, raw, tone } = describeEntry(entry);
  return (
    <div class="ps-details" data-tone={tone}>
      <p class="ps-details-title">
        <PeerName peers={peers} peer={entry.peer} /> <strong>{title}</strong>
        <span class="ps-details-time">{inMs(entry.atMs)} ms</span>
      </p>
      <p>{detail}</p>
      {raw !== undefined && (
        <details open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
          <summary>The text itself</summary>
          {/* Text of other peers: rendered as text, never as markup. */}
          <pre>{raw}</pre>
        </details>
      )}
    </div>
  );
}
