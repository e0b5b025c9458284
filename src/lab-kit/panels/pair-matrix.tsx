import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { explainCandidate } from '../../rtc/ice/candidate.ts';
import { whyNoPair } from '../../rtc/ice/pairing.ts';
import type { PeerLabel } from '../../rtc/timeline.ts';
import { PairPriority, PriorityBits } from './candidate-details.tsx';
import {
  cellKey,
  outcomeOf,
  type Axis,
  type Matrix,
  type PairOutcome,
  type PairRow,
  type PeerChecklist,
} from './model/checklist.ts';
import { inMs, plural } from './model/format.ts';

/** A place in the grid; −1 is the head of a row or of a column. */
interface Place {
  readonly row: number;
  readonly column: number;
}

/** Each outcome has a sign of its own: colour only repeats it. */
export const outcomeSigns: Readonly<Record<PairOutcome, string>> = {
  frozen: '∗',
  waiting: '○',
  'in-progress': '◐',
  succeeded: '✓',
  failed: '✕',
  dropped: '–',
};

const outcomeMeanings: Readonly<Record<PairOutcome, string>> = {
  frozen:
    'Another pair with the same foundation is checked first; what comes of it decides whether this one is worth a try.',
  waiting: 'It waits for its turn.',
  'in-progress': 'A check was sent and is repeated until an answer comes or ICE gives up.',
  succeeded: 'A check was answered: packets get through in both directions.',
  failed: 'No answer came, or one that ends it.',
  dropped:
    'The browser does not list it any more: it gave up, or does not need it now that a better one works.',
};

interface Props {
  /** Whose checklist it is: its own candidates are the rows. */
  readonly peer: PeerLabel;
  readonly other: PeerLabel;
  readonly matrix: Matrix;
  readonly checklist: PeerChecklist | undefined;
}

/** From so many columns on a cell holds its sign and its number only. */
const NARROW_FROM = 7;

/** Every own candidate against every remote one (WAI-ARIA grid pattern: one stop for Tab, arrow keys within). */
export function PairMatrix({ peer, other, matrix, checklist }: Props) {
  const { locals, remotes } = matrix;
  const at = useSignal<Place | null>(null);
  const grid = useRef<HTMLTableElement>(null);
  if (locals.length === 0 || remotes.length === 0)
    return (
      <p class="ps-none">
        {remotes.length === 0
          ? `No pair yet: no candidate of ${other} is here.`
          : `No pair yet: ${peer} has no candidate of its own.`}
      </p>
    );
  const stop = within(at.value ?? preferred(matrix), matrix);

  const onKeyDown = (event: KeyboardEvent) => {
    const next = neighbour(event.key, stop, matrix);
    if (!next) return;
    event.preventDefault();
    at.value = next;
    grid.current?.querySelector<HTMLElement>(`[data-place="${next.row} ${next.column}"]`)?.focus();
  };
  const button = (place: Place) => ({
    type: 'button' as const,
    'data-place': `${place.row} ${place.column}`,
    tabIndex: place.row === stop.row && place.column === stop.column ? 0 : -1,
    onFocus: () => (at.value = place),
    onClick: () => (at.value = place),
  });

  return (
    <div class="ps-matrix">
      <div class="ps-matrix-scroll">
        <table
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- a grid is a table that one moves in
          role="grid"
          aria-label={`Pairs as ${peer} checks them`}
          ref={grid}
          onKeyDown={onKeyDown}
          data-narrow={remotes.length >= NARROW_FROM || undefined}
        >
          <thead>
            <tr>
              <td class="ps-corner">
                <span aria-hidden="true">own ↓ remote →</span>
              </td>
              {remotes.map((axis, column) => (
                <th key={axis.key} scope="col" data-shown={isAt(at.value, -1, column) || undefined}>
                  <AxisHead axis={axis} {...button({ row: -1, column })} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {locals.map((local, row) => (
              <tr key={local.key}>
                <th scope="row" data-shown={isAt(at.value, row, -1) || undefined}>
                  <AxisHead axis={local} {...button({ row, column: -1 })} />
                </th>
                {remotes.map((remote, column) => (
                  <Cell
                    key={remote.key}
                    {...{ local, remote, matrix }}
                    isShown={isAt(at.value, row, column)}
                    button={button({ row, column })}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="ps-ice-explanation" aria-live="polite">
        {at.value ? (
          <Explained place={stop} {...{ peer, other, matrix, checklist }} />
        ) : (
          <p class="ps-hint">
            <span class="ps-keys">
              Choose a pair or a candidate for its numbers and reasons; arrow keys move.
            </span>
            <span class="ps-touch">Touch a pair or a candidate for its numbers and reasons.</span>
          </p>
        )}
      </div>
      {matrix.setAside > 0 && (
        <p class="ps-none">
          {plural(matrix.setAside, 'more candidate')} of {peer} {matrix.setAside === 1 ? 'is' : 'are'} not in
          play: they belong to m-sections that share the transport of another one (bundle), or to the time
          before an ICE restart.
        </p>
      )}
    </div>
  );
}

const isAt = (place: Place | null, row: number, column: number): boolean =>
  place?.row === row && place.column === column;

/** Where Tab enters: the pair in use, else the first. */
function preferred({ locals, remotes, cells }: Matrix): Place {
  for (const [row, local] of locals.entries())
    for (const [column, remote] of remotes.entries())
      if (cells.get(cellKey(local, remote))?.last.selected) return { row, column };
  return { row: 0, column: 0 };
}

/** The grid may have become smaller. */
const within = ({ row, column }: Place, { locals, remotes }: Matrix): Place => ({
  row: Math.min(row, locals.length - 1),
  column: Math.min(column, remotes.length - 1),
});

function neighbour(key: string, { row, column }: Place, { locals, remotes }: Matrix): Place | undefined {
  const bound = (next: Place): Place | undefined =>
    next.row < -1 || next.row >= locals.length || next.column < -1 || next.column >= remotes.length
      ? undefined
      : next.row === -1 && next.column === -1
        ? undefined
        : next;
  switch (key) {
    case 'ArrowUp':
      return bound({ row: row - 1, column });
    case 'ArrowDown':
      return bound({ row: row + 1, column });
    case 'ArrowLeft':
      return bound({ row, column: column - 1 });
    case 'ArrowRight':
      return bound({ row, column: column + 1 });
    case 'Home':
      return { row, column: 0 };
    case 'End':
      return { row, column: remotes.length - 1 };
    default:
      return undefined;
  }
}

function AxisHead({ axis, ...button }: { axis: Axis } & Record<string, unknown>) {
  const { type, protocol, port, tcpType, isLearned } = axis;
  return (
    <button class="ps-axis" {...button}>
      <b data-type={type}>{type}</b>
      {isLearned && type !== 'prflx' && <b data-type="prflx"> prflx</b>} {protocol} {tcpType}
      <span>{tcpType === 'active' ? familyWord(axis) : `${familyWord(axis)}:${port ?? '?'}`}</span>
    </button>
  );
}

/** The last part of the address, enough to tell two of one port apart; nothing where the browser hides it. */
function familyWord({ address = '' }: Axis): string {
  if (address.endsWith('.local')) return `${address.slice(0, 4)}…`;
  return address.length > 15 ? `…${address.slice(-8)}` : address;
}

interface CellProps {
  readonly local: Axis;
  readonly remote: Axis;
  readonly matrix: Matrix;
  readonly isShown: boolean;
  readonly button: Record<string, unknown>;
}

function Cell({ local, remote, matrix, isShown, button }: CellProps) {
  const pair = matrix.cells.get(cellKey(local, remote));
  if (!pair) {
    const none = whyNoPair(local, remote);
    return (
      <td class="ps-cell" data-outcome={none ? 'none' : 'open'} data-shown={isShown || undefined}>
        <button {...button}>
          <span class="ps-hidden">no pair </span>
          <small>{none?.short ?? '·'}</small>
        </button>
      </td>
    );
  }
  const outcome = outcomeOf(pair);
  const order = matrix.order.get(pair.id);
  const { selected, nominated } = pair.last;
  const inUse = selected && outcome !== 'dropped';
  return (
    <td
      class="ps-cell"
      data-outcome={outcome}
      data-selected={inUse || undefined}
      data-shown={isShown || undefined}
    >
      <button {...button}>
        <span class="ps-cell-sign">
          <span aria-hidden="true">{outcomeSigns[outcome]}</span>{' '}
          {inUse && <span class="ps-hidden">{outcome} </span>}
          {order !== undefined && <small>#{order}</small>}
          {nominated && (
            <>
              <span aria-hidden="true"> ★</span>
              <span class="ps-hidden"> nominated </span>
            </>
          )}
        </span>
        <span class="ps-cell-word">{inUse ? 'in use' : outcome}</span>
      </button>
    </td>
  );
}

function Explained({ place, peer, other, matrix, checklist }: { place: Place } & Props) {
  const local = matrix.locals[place.row];
  const remote = matrix.remotes[place.column];
  if (local && remote) {
    const pair = matrix.cells.get(cellKey(local, remote));
    return pair ? (
      <PairExplained {...{ pair, local, remote }} order={matrix.order.get(pair.id)} role={checklist?.role} />
    ) : (
      <NoPairExplained {...{ local, remote }} />
    );
  }
  if (local) return <AxisExplained axis={local} whose={peer} />;
  return remote ? <AxisExplained axis={remote} whose={other} /> : null;
}

const axisWords = ({ type, protocol, tcpType, port }: Axis): string =>
  [type, protocol, tcpType, port !== undefined && tcpType !== 'active' && `:${port}`]
    .filter(Boolean)
    .join(' ');

function PairTitle({ local, remote, words }: { local: Axis; remote: Axis; words: string }) {
  return (
    <p class="ps-ice-title">
      <strong>
        {axisWords(local)} → {axisWords(remote)}
      </strong>
      <span class="ps-about">{words}</span>
    </p>
  );
}

function PairExplained(props: {
  pair: PairRow;
  local: Axis;
  remote: Axis;
  order: number | undefined;
  role: RTCIceRole | undefined;
}) {
  const { pair, local, remote, order, role } = props;
  const outcome = outcomeOf(pair);
  const { last, goneMs } = pair;
  const rtt = last.currentRoundTripTimeMs;
  return (
    <>
      <PairTitle
        {...{ local, remote }}
        words={`${outcome}${goneMs === undefined ? '' : ` ${inMs(goneMs)} ms, before that ${last.state}`}`}
      />
      <p>
        {outcomeMeanings[outcome]}
        {last.nominated && ' It was nominated: the controlling side chose it.'}
        {last.selected && goneMs === undefined && ' Media and data take it.'}
        {order !== undefined && ` It is number ${order} in the order of checks.`}
      </p>
      <p>{counts(pair)}</p>
      {rtt !== undefined && last.state === 'succeeded' && (
        <p>The latest check took {rtt < 1 ? 'less than 1' : inMs(rtt)} ms there and back.</p>
      )}
      {last.local.priority !== undefined && last.remote.priority !== undefined && role ? (
        <PairPriority local={last.local.priority} remote={last.remote.priority} role={role} />
      ) : (
        <p class="ps-none">This browser does not tell what its priority is made of.</p>
      )}
    </>
  );
}

function counts({ last }: PairRow): string {
  const { requestsSent, responsesReceived, requestsReceived } = last;
  const parts = [
    requestsSent === undefined
      ? 'this browser does not count the requests that it sends'
      : `${plural(requestsSent, 'request')} sent`,
    responsesReceived !== undefined && `${plural(responsesReceived, 'response')} came back`,
    requestsReceived !== undefined && `${plural(requestsReceived, 'request')} of the other side arrived`,
  ];
  return `Checks: ${parts.filter(Boolean).join(', ')}.`;
}

function NoPairExplained({ local, remote }: { local: Axis; remote: Axis }) {
  const none = whyNoPair(local, remote);
  return (
    <>
      <PairTitle {...{ local, remote }} words="no pair" />
      <p>
        {none?.text ??
          'Nothing speaks against this pair, but the browser tells of none: it has not been made yet, or the two are on different networks, or it was dropped before anybody looked.'}
      </p>
      {none && <p class="ps-about">{none.spec}</p>}
    </>
  );
}

function AxisExplained({ axis, whose }: { axis: Axis; whose: PeerLabel }) {
  const { candidate, priority, isLearned } = axis;
  return (
    <>
      <p class="ps-ice-title">
        <strong>{axisWords(axis)}</strong>
        <span class="ps-about">candidate of {whose}</span>
      </p>
      <p>
        {candidate
          ? explainCandidate(candidate).text
          : 'No message told of it: it was learned from a connectivity check (peer reflexive).'}
        {isLearned &&
          candidate &&
          ' A check came from there before its message did, so that the browser calls it prflx.'}
      </p>
      {priority !== undefined && <PriorityBits priority={priority} />}
    </>
  );
}
