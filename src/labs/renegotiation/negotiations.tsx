import { useMemo } from 'preact/hooks';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import type { LabView, PanelProps } from '../../lab-kit/view.ts';
import { inMs, negotiationsFold, verdictOf, type Negotiation } from './negotiations.ts';
import '../../lab-kit/ends.css';
import './negotiations.css';

/** Every offer of the run: how much it said, how long until it was agreed, and what the sound noticed of it. */
export function Negotiations({ view }: PanelProps) {
  const compute = useMemo(negotiationsFold, []);
  const { list } = view.entries.value;
  const account = compute(list, endAt(list, view.focus.value));
  const { negotiations, needed, opened, sound } = account;
  const longestMs = Math.max(1, ...negotiations.map(({ tookMs = 0 }) => tookMs));
  const largest = Math.max(1, ...negotiations.map(({ sizeBytes }) => sizeBytes));
  return (
    <section class="ends negotiations" aria-label="The negotiations">
      <p class="ends-verdict" aria-live="polite">
        {verdictOf(account)}
      </p>
      <dl>
        <div>
          <dt>Connection objects</dt>
          <dd>{opened}</dd>
        </div>
        <div>
          <dt>negotiationneeded</dt>
          <dd data-field="needed">{needed} ×</dd>
        </div>
        <div>
          <dt>Sound invented at {sound?.peer ?? 'bob'}’s end</dt>
          <dd>{sound ? `${Math.round(sound.concealedSamples / 48)} ms` : '–'}</dd>
        </div>
      </dl>
      <ol>
        {negotiations.map((one, at) => (
          <Row key={one.seq} {...{ view, one, at, longestMs, largest }} />
        ))}
      </ol>
    </section>
  );
}

interface RowProps {
  readonly view: LabView;
  readonly one: Negotiation;
  readonly at: number;
  readonly longestMs: number;
  readonly largest: number;
}

function Row({ view, one, at, longestMs, largest }: RowProps) {
  const { offerer, sections, sizeBytes, provisionalMs, tookMs, outcome, seq } = one;
  return (
    <li data-outcome={outcome}>
      <p>
        <span>
          {at + 1}. <PeerName peers={view.peers.value} peer={offerer} /> offers{' '}
          {sections === 1 ? '1 m-section' : `${sections} m-sections`}
        </span>
        <strong>{outcome === 'agreed' ? `agreed in ${inMs(tookMs)}` : outcome}</strong>
      </p>
      {provisionalMs !== undefined && <p>Provisional answer after {inMs(provisionalMs)}</p>}
      <p class="negotiations-bars">
        <i class="negotiations-time" style={{ '--share': `${((tookMs ?? 0) / longestMs) * 100}%` }} />
        <span>{inMs(tookMs)}</span>
        <i class="negotiations-size" style={{ '--share': `${(sizeBytes / largest) * 100}%` }} />
        <span>{(sizeBytes / 1000).toFixed(1)} kB</span>
      </p>
      <button
        type="button"
        class="lab-button"
        aria-label={`Show it: the moment of offer ${at + 1}`}
        onClick={() => (view.focus.value = seq)}
      >
        Show it
      </button>
    </li>
  );
}
