import { useEffect, useMemo, useState } from 'preact/hooks';
import { findings, lessons, type Finding, type Severity } from '../../rtc/findings/index.ts';
import type { PeerLabel } from '../../rtc/timeline.ts';
import type { PanelProps } from '../view.ts';
import { inMs, plural } from './model/format.ts';
import { throttle } from './model/throttle.ts';
import { Empty } from './parts.tsx';
import { PeerName } from './peer.tsx';
import './panel.css';
import './findings.css';

/**
 * What is notable in the run, in sentences; each leads to the entry on which it rests.
 *
 * It judges the whole run, also while an entry is focused: what a run lacked can be known only when it is over.
 */
export function FindingsPanel({ view }: PanelProps) {
  const { list } = view.entries.value;
  const peers = view.peers.value;
  const compute = useMemo(() => throttle((all) => findings(all, peers)), [peers]);
  const { value: found, againInMs } = compute(list);
  useAgain(againInMs);
  const problems = found.filter(({ severity }) => severity === 'problem').length;
  const notices = found.filter(({ severity }) => severity === 'notice').length;
  return (
    <div class="ps-panel ps-findings">
      {list.length === 0 ? (
        <Empty>
          Start a run, and what is out of the ordinary is said here in plain words: what was refused, what
          never came, what is slow.
        </Empty>
      ) : (
        problems + notices === 0 && <p class="ps-findings-calm">Nothing out of the ordinary so far.</p>
      )}
      {found.length > 0 && (
        <ol aria-label="What is notable">
          {found.map((finding) => (
            <Item
              key={`${finding.code} ${finding.peer}`}
              finding={finding}
              peers={peers}
              atMs={list.find(({ seq }) => seq === finding.seq)?.atMs}
              isFocused={view.focus.value === finding.seq}
              onFocus={() => (view.focus.value = view.focus.value === finding.seq ? null : finding.seq)}
            />
          ))}
        </ol>
      )}
      <p class="ps-hidden" aria-live="polite">
        {problems + notices > 0 && `${plural(problems, 'problem')}, ${plural(notices, 'notice')}`}
      </p>
    </div>
  );
}

/** Draws the component again after a time; 0 for not at all. */
function useAgain(ms: number): void {
  const [, again] = useState(0);
  useEffect(() => {
    if (ms === 0) return undefined;
    const timer = setTimeout(() => again((count) => count + 1), ms);
    return () => clearTimeout(timer);
  });
}

const words: Readonly<Record<Severity, string>> = { problem: 'Problem', notice: 'Notice', good: 'Good' };

/** A cross in a circle, an i, a tick: shapes, so that no one has to tell the colours apart. */
const icons: Readonly<Record<Severity, string>> = {
  problem: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM5.5 5.5l5 5m0-5-5 5',
  notice: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 7v4.5M8 4.4v.2',
  good: 'M2.5 8.5 6.5 12.5 13.5 4',
};

interface ItemProps {
  readonly finding: Finding;
  readonly peers: readonly PeerLabel[];
  readonly atMs: number | undefined;
  readonly isFocused: boolean;
  readonly onFocus: () => void;
}

function Item({ finding: { severity, text, lesson, code }, peers, atMs, isFocused, onFocus }: ItemProps) {
  return (
    <li data-severity={severity} data-code={code}>
      <button type="button" aria-pressed={isFocused} onClick={onFocus}>
        <span class="ps-finding-kind">
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d={icons[severity]} />
          </svg>
          {words[severity]}
        </span>
        <span class="ps-finding-text">
          <Named text={text} peers={peers} />
        </span>
        {atMs !== undefined && (
          <span class="ps-stop-time">
            {inMs(atMs)} ms<span class="ps-hidden">: show that moment</span>
          </span>
        )}
      </button>
      {lesson && severity !== 'good' && (
        <a href={`/lessons/${lesson}/`}>
          <span class="ps-hidden">Lesson: </span>
          {lessons[lesson]}
        </a>
      )}
    </li>
  );
}

/** A sentence, with the peers’ names in their colours. */
function Named({ text, peers }: { text: string; peers: readonly PeerLabel[] }) {
  const names = peers.toSorted((a, b) => b.length - a.length).map((name) => name.replace(/\W/g, '\\$&'));
  if (names.length === 0) return <>{text}</>;
  const parts = text.split(new RegExp(`\\b(${names.join('|')})\\b`));
  return (
    <>
      {parts.map((part, index) =>
        index % 2 === 1 ? <PeerName key={`${index} ${part}`} peers={peers} peer={part} /> : part,
      )}
    </>
  );
}
