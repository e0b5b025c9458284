import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { explainCandidate } from '../../rtc/ice/candidate.ts';
import type { PeerLabel } from '../../rtc/timeline.ts';
import type { PanelProps, Target } from '../view.ts';
import { PriorityBits } from './candidate-details.tsx';
import { CheckLanes } from './check-lanes.tsx';
import { Fields } from './fields.tsx';
import { PairMatrix } from './pair-matrix.tsx';
import {
  candidatesFold,
  connectionsOf,
  isSelected,
  sameCandidate,
  typeNames,
  type CandidateRow,
  type PeerCandidates,
} from './model/candidates.ts';
import { checklistsFold, matrixOf, whySelected, type PeerChecklist } from './model/checklist.ts';
import { endAt } from './model/fold.ts';
import { inMs, plural } from './model/format.ts';
import { Empty, Segments } from './parts.tsx';
import { PairWords } from './pair.tsx';
import { PeerName } from './peer.tsx';
import './panel.css';
import './candidates.css';

type CandidateTarget = Extract<Target, { panel: 'candidates' }>;

/** ICE at work: the candidates of both ends, the pairs that they make, how the checks went, and which pair won. */
export function CandidatesPanel({ view }: PanelProps) {
  const candidates = useMemo(candidatesFold, []);
  const checklists = useMemo(checklistsFold, []);
  const marked = useSignal<CandidateTarget | null>(null);
  useSignalEffect(() => {
    const target = view.target.value;
    if (target?.panel === 'candidates') marked.value = target;
  });
  const { list } = view.entries.value;
  const end = endAt(list, view.focus.value);
  const found = candidates(list, end);
  const lists = checklists(list, end);
  const peers = view.peers.value;
  return (
    <div class="ps-panel ps-ice">
      {found.size === 0 && (
        <Empty>
          A candidate is an address at which a peer may be reached. The browser starts to look for them as
          soon as a local description is set; each one shows here when it is found and when it has crossed,
          and how the pairs of them are checked.
        </Empty>
      )}
      {connectionsOf(found).map((own) => (
        <Connection key={own.join()} own={own} marked={marked.value} {...{ found, lists, peers }} />
      ))}
    </div>
  );
}

interface ConnectionProps {
  /** The peers of this connection that live here: one or two. */
  readonly own: readonly PeerLabel[];
  readonly found: ReadonlyMap<PeerLabel, PeerCandidates>;
  readonly lists: ReadonlyMap<PeerLabel, PeerChecklist>;
  readonly peers: readonly PeerLabel[];
  readonly marked: CandidateTarget | null;
}

function Connection({ own, found, lists, peers, marked }: ConnectionProps) {
  const chosen = useSignal<PeerLabel>(own[0] ?? '');
  useSignalEffect(() => {
    if (!own.includes(chosen.value)) chosen.value = own[0] ?? '';
  });
  const peer = own.includes(chosen.value) ? chosen.value : (own[0] ?? '');
  const candidates = found.get(peer);
  const checklist = lists.get(peer);
  if (!candidates) return null;
  const matrix = matrixOf(candidates, checklist);
  const why = checklist && whySelected(peer, checklist);
  return (
    <section class="ps-card ps-connection" aria-label={`ICE of ${own.join(' and ')}`}>
      <div class="ps-card-title">
        <span>
          <PeerName peers={peers} peer={own[0] ?? ''} />
          {' ↔ '}
          <PeerName peers={peers} peer={own[1] ?? candidates.other ?? 'the other side'} />
        </span>
        {candidates.pair && <PairWords {...candidates.pair} />}
      </div>
      {why && <p class="ps-why">{why}</p>}
      {own.length > 1 && (
        <Segments
          label="Whose checklist"
          options={own.map((name) => [name, `${name}’s checklist`])}
          value={peer}
          onChange={(name) => (chosen.value = name)}
        />
      )}
      <PairMatrix key={peer} {...{ peer, matrix, checklist }} other={candidates.other ?? 'the other side'} />
      {checklist && checklist.pairs.size > 0 && <CheckLanes matrix={matrix} checklist={checklist} />}
      {candidates.errors.map(({ seq, url, errorCode, errorText, atMs }) => (
        <p key={seq} class="ps-candidate-error">
          <strong>Error {errorCode}</strong> <code>{url}</code> {errorText}{' '}
          <span class="ps-stop-time">{inMs(atMs)} ms</span>
        </p>
      ))}
      <div class="ps-sides">
        {own.length > 1
          ? own.map((name) => (
              <OwnCandidates
                key={name}
                {...{ peers, marked, peer: name }}
                own={found.get(name)}
                other={found.get(own.find((one) => one !== name) ?? '')}
              />
            ))
          : [
              <OwnCandidates key="own" {...{ peers, marked, peer }} own={candidates} />,
              <FarCandidates key="far" {...{ peers, marked }} own={candidates} />,
            ]}
      </div>
    </section>
  );
}

interface SideProps {
  readonly peers: readonly PeerLabel[];
  readonly own: PeerCandidates | undefined;
  readonly marked: CandidateTarget | null;
}

/** What a peer found, and when each reached the other side, where that one lives here too. */
function OwnCandidates(props: SideProps & { peer: PeerLabel; other?: PeerCandidates | undefined }) {
  const { peers, peer, own, other, marked } = props;
  if (!own) return null;
  const arrived = (row: CandidateRow) =>
    other?.remote.find(({ text, mid }) => mid === row.mid && sameCandidate(text, row.text));
  return (
    <div>
      <p class="ps-side-title">
        Candidates of <PeerName peers={peers} peer={peer} />
      </p>
      {own.local.length === 0 && <p class="ps-none">None so far.</p>}
      <ul>
        {own.local.map((row, index) => (
          <CandidateItem
            key={index}
            {...{ row, marked }}
            times={ownTimes(row, arrived(row), other !== undefined)}
            alike={alike(row, own.local)}
            isSelected={isSelected(row, own.pair?.local)}
          />
        ))}
      </ul>
      {own.pair?.local.type === 'prflx' && <Learned />}
      <End atMs={own.localEndMs} />
    </div>
  );
}

/** What came from a peer that lives elsewhere. */
function FarCandidates({ peers, own, marked }: SideProps) {
  if (!own) return null;
  return (
    <div>
      <p class="ps-side-title">
        From {own.other === undefined ? 'the other side' : <PeerName peers={peers} peer={own.other} />}
      </p>
      {own.remote.length === 0 && <p class="ps-none">None so far.</p>}
      <ul>
        {own.remote.map((row, index) => (
          <CandidateItem
            key={index}
            {...{ row, marked }}
            times={farTimes(row)}
            alike={alike(row, own.remote)}
            isSelected={isSelected(row, own.pair?.remote)}
          />
        ))}
      </ul>
      {own.pair?.remote.type === 'prflx' && <Learned />}
      <End atMs={own.remoteEndMs} />
    </div>
  );
}

function Learned() {
  return (
    <p class="ps-end">
      In use: a <b data-type="prflx">prflx</b> candidate. No message told it; a connectivity check came from
      there before the other side’s candidate did.
    </p>
  );
}

function End({ atMs }: { atMs: number | undefined }) {
  if (atMs === undefined) return null;
  return (
    <p class="ps-end">
      end of candidates <span class="ps-stop-time">{inMs(atMs)} ms</span>
    </p>
  );
}

interface ItemProps {
  readonly row: CandidateRow;
  readonly times: readonly string[];
  /** How many other candidates have the same foundation. */
  readonly alike: number;
  readonly isSelected: boolean;
  readonly marked: CandidateTarget | null;
}

function CandidateItem({ row, times, alike: others, isSelected: selected, marked }: ItemProps) {
  const { candidate, problem, text, mid } = row;
  const isMarked = marked !== null && sameCandidate(marked.candidate, text);
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (!isMarked || !details.current) return;
    details.current.open = true;
    details.current.scrollIntoView({ block: 'nearest' });
    details.current.querySelector('summary')?.focus({ preventScroll: true });
  }, [isMarked && marked]);
  return (
    <li>
      <details
        class="ps-candidate"
        data-selected={selected || undefined}
        data-marked={isMarked || undefined}
        ref={details}
      >
        <summary>
          <span class="ps-type" data-type={candidate?.type ?? 'malformed'}>
            {candidate?.type ?? 'malformed'}
          </span>
          <span class="ps-address">
            {candidate
              ? `${candidate.protocol}${candidate.tcpType ? ` ${candidate.tcpType}` : ''} ${candidate.address}:${candidate.port}`
              : text}
          </span>
          {selected && <span class="ps-selected">in use</span>}
          <span class="ps-stop-time">
            {times.map((time) => (
              <span key={time}>{time}</span>
            ))}
          </span>
        </summary>
        {candidate ? (
          <>
            <p>
              <strong>{typeNames[candidate.type]}.</strong> {explainCandidate(candidate).text}
              {mid !== null && ` It belongs to the m-section with mid ${mid}.`}
              {others > 0 &&
                ` ${plural(others, 'other candidate')} of this peer ${others === 1 ? 'has' : 'have'} the same foundation.`}
            </p>
            <PriorityBits priority={candidate.priority} />
            <Fields fields={explainCandidate(candidate).fields} />
          </>
        ) : (
          <p>{problem}</p>
        )}
      </details>
    </li>
  );
}

const alike = ({ candidate, text }: CandidateRow, rows: readonly CandidateRow[]): number =>
  rows.filter((row) => row.text !== text && candidate && row.candidate?.foundation === candidate.foundation)
    .length;

function ownTimes(row: CandidateRow, arrived: CandidateRow | undefined, isOtherHere: boolean): string[] {
  const times = [`found ${inMs(row.atMs)} ms`];
  if (row.movedMs !== undefined) times.push(`sent ${inMs(row.movedMs)}`);
  if (arrived) times.push(...arrival(arrived));
  else if (row.movedMs !== undefined && isOtherHere) times.push('not arrived');
  return times;
}

const farTimes = (row: CandidateRow): string[] =>
  arrival(row).map((time, at) => (at === 0 ? `${time} ms` : time));

const arrival = ({ atMs, movedMs, inDescription }: CandidateRow): string[] =>
  inDescription
    ? [`in the description ${inMs(atMs)}`]
    : [`arrived ${inMs(atMs)}`, ...(movedMs === undefined ? [] : [`added ${inMs(movedMs)}`])];
