import { useMemo } from 'preact/hooks';
import { explainCandidate } from '../../rtc/ice/candidate.ts';
import type { PeerLabel } from '../../rtc/timeline.ts';
import type { PanelProps } from '../view.ts';
import { Fields } from './fields.tsx';
import {
  candidatesFold,
  isSelected,
  typeNames,
  type CandidateRow,
  type PeerCandidates,
} from './model/candidates.ts';
import { endAt } from './model/fold.ts';
import { inMs } from './model/format.ts';
import { Empty } from './parts.tsx';
import { PairWords } from './pair.tsx';
import { PeerName } from './peer.tsx';
import './panel.css';
import './candidates.css';

/** Where each peer may be reached, as it found out itself and as the other one told it. */
export function CandidatesPanel({ view }: PanelProps) {
  const compute = useMemo(candidatesFold, []);
  const { list } = view.entries.value;
  const found = compute(list, endAt(list, view.focus.value));
  const peers = view.peers.value;
  return (
    <div class="ps-panel ps-candidates">
      {found.size === 0 && (
        <Empty>
          A candidate is an address at which a peer may be reached. The browser starts to look for them as
          soon as a local description is set; each one shows here when it is found and when it has crossed.
        </Empty>
      )}
      {[...found].map(([peer, own]) => (
        <PeerCard key={peer} {...{ peer, own, peers }} />
      ))}
    </div>
  );
}

function PeerCard({
  peer,
  own,
  peers,
}: {
  peer: PeerLabel;
  own: PeerCandidates;
  peers: readonly PeerLabel[];
}) {
  const { pair, errors } = own;
  return (
    <section class="ps-card" aria-label={`Candidates of ${peer}`}>
      <p class="ps-card-title">
        <PeerName peers={peers} peer={peer} />
        {pair && <PairWords {...pair} />}
      </p>
      <div class="ps-sides">
        <Side title="Its own" own={own} side="local" />
        <Side title="From the other side" own={own} side="remote" />
      </div>
      {errors.map(({ seq, url, errorCode, errorText, atMs }) => (
        <p key={seq} class="ps-candidate-error">
          <strong>Error {errorCode}</strong> <code>{url}</code> {errorText}{' '}
          <span class="ps-stop-time">{inMs(atMs)} ms</span>
        </p>
      ))}
    </section>
  );
}

function Side({ title, own, side }: { title: string; own: PeerCandidates; side: 'local' | 'remote' }) {
  const rows = own[side];
  const endMs = side === 'local' ? own.localEndMs : own.remoteEndMs;
  return (
    <div>
      <p class="ps-side-title">{title}</p>
      {rows.length === 0 && <p class="ps-none">None so far.</p>}
      <ul>
        {rows.map((row, index) => (
          <li key={index}>
            <CandidateItem row={row} side={side} isSelected={isSelected(row, own.pair?.[side])} />
          </li>
        ))}
      </ul>
      {own.pair?.[side].type === 'prflx' && (
        <p class="ps-end">
          In use: a <b data-type="prflx">prflx</b> candidate. No message told it; a connectivity check came
          from there before the other side’s candidate did.
        </p>
      )}
      {endMs !== undefined && (
        <p class="ps-end">
          end of candidates <span class="ps-stop-time">{inMs(endMs)} ms</span>
        </p>
      )}
    </div>
  );
}

function CandidateItem({
  row,
  side,
  isSelected: selected,
}: {
  row: CandidateRow;
  side: string;
  isSelected: boolean;
}) {
  const { candidate, problem, text, mid } = row;
  return (
    <details class="ps-candidate" data-selected={selected || undefined}>
      <summary>
        <span class="ps-type" data-type={candidate?.type ?? 'malformed'}>
          {candidate?.type ?? 'malformed'}
        </span>
        <span class="ps-address">
          {candidate ? `${candidate.protocol} ${candidate.address}:${candidate.port}` : text}
        </span>
        <span class="ps-stop-time">{times(row, side)}</span>
        {selected && <span class="ps-selected">in use</span>}
      </summary>
      {candidate ? (
        <>
          <p>
            <strong>{typeNames[candidate.type]}.</strong> {explainCandidate(candidate).text}
            {mid !== null && ` It belongs to the m-section with mid ${mid}.`}
          </p>
          <Fields fields={explainCandidate(candidate).fields} />
        </>
      ) : (
        <p>{problem}</p>
      )}
    </details>
  );
}

/** «4.2 ms, sent 4.9 ms» for an own one, «6.1 ms, added 6.3 ms» for one that came. */
function times({ atMs, movedMs, inDescription }: CandidateRow, side: string): string {
  if (inDescription) return `${inMs(atMs)} ms, in the description`;
  if (movedMs === undefined) return `${inMs(atMs)} ms`;
  return `${inMs(atMs)} ms, ${side === 'local' ? 'sent' : 'added'} ${inMs(movedMs)}`;
}
