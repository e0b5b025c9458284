import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';
import type { PanelProps } from '../view.ts';
import { EntryDetails } from './entry-details.tsx';
import { describeEntry, signalLabel } from './model/describe.ts';
import { lastAtOrBefore } from './model/fold.ts';
import { inMs } from './model/format.ts';
import {
  arrowsIn,
  fateOf,
  ladderFold,
  lanesOf,
  levelNames,
  levels,
  type Arrow,
  type Ladder,
  type LadderRow,
  type Lane,
  type Lanes,
  type Level,
} from './model/ladder.ts';
import type { Window } from './model/window.ts';
import { isState, machines } from './model/states.ts';
import { Empty, Segments } from './parts.tsx';
import { peerColour } from './peer.tsx';
import { VirtualList, type Row } from './virtual-list.tsx';
import './panel.css';
import './ladder.css';

/** Pixels. An arrow runs below the words of its row. */
const ROW = 38;
const ARROW_Y = 27;
/** Between the times and what follows. */
const TIME_GAP = 12;

/** Which run of the ladder is drawn, and who takes part in it. */
interface Scene {
  readonly ladder: Ladder;
  readonly peers: readonly PeerLabel[];
  readonly hosted: readonly PeerLabel[];
  readonly focus: number | null;
}

/** The message ladder: each peer a line from top to bottom, each signal an arrow from the sending to the arrival. */
export function LadderPanel({ view }: PanelProps) {
  const level = useSignal<Level>('states');
  const open = useSignal(false);
  const compute = useMemo(() => ladderFold(level.value), [level.value]);
  const { list } = view.entries.value;
  const focus = view.focus.value;
  const peers = view.peers.value;
  const scene: Scene = { ladder: compute(list), peers, hosted: view.hosted.value, focus };
  const { rows } = scene.ladder;
  const chosen = focus === null ? -1 : lastAtOrBefore(rows, focus, ({ entry }) => entry.seq);

  return (
    <div class="ps-panel ps-ladder">
      <div class="ps-bar">
        <Segments
          label="What the ladder shows"
          options={levels.map((id) => [id, levelNames[id]])}
          value={level.value}
          onChange={(value) => (level.value = value)}
        />
      </div>
      {rows.length === 0 ? (
        <Empty>
          Here each message will be an arrow from the peer that sent it to the peer that received it, with the
          states that it led to. The first is the offer, some milliseconds after the start.
        </Empty>
      ) : (
        <VirtualList
          label="Message ladder"
          count={rows.length}
          rowHeight={ROW}
          chosen={chosen < 0 ? null : chosen}
          onChoose={(index) => (view.focus.value = index === null ? null : (rows[index]?.entry.seq ?? null))}
          onOpen={() => (open.value = !open.value)}
          head={(width) => <Heads scene={scene} lanes={lanesOf(width, peers)} />}
          behind={(window, width) => <Lines scene={scene} window={window} lanes={lanesOf(width, peers)} />}
          row={(index, width) => drawRow(rows[index]!, scene, lanesOf(width, peers))}
        />
      )}
      <EntryDetails entry={rows[chosen]?.entry} peers={peers} open={open} />
    </div>
  );
}

function Heads({ scene, lanes }: { scene: Scene; lanes: Lanes }) {
  return (
    <div class="ps-heads" aria-hidden="true">
      <span class="ps-head-unit" style={{ inlineSize: `${lanes.timeWidth - TIME_GAP}px` }}>
        ms
      </span>
      {[...lanes.peers].map(([peer, { x }]) => (
        <span
          key={peer}
          class="ps-head"
          data-side={x < 110 ? 'start' : lanes.width - x < 60 ? 'end' : undefined}
          style={{ insetInlineStart: `${x}px`, '--peer': peerColour(scene.peers, peer) }}
        >
          {peer}
          {scene.hosted.length > 0 && !scene.hosted.includes(peer) && <small> elsewhere</small>}
        </span>
      ))}
      {lanes.carrierX !== undefined && (
        <span class="ps-head ps-head-carrier" style={{ insetInlineStart: `${lanes.carrierX}px` }}>
          signaling
        </span>
      )}
    </div>
  );
}

/** The lifelines and the arrows of the rows in view. */
function Lines({ scene, window, lanes }: { scene: Scene; window: Window; lanes: Lanes }) {
  const { first, last } = window;
  // Below the newest row the lifelines go on to the end of the view; what is longer is clipped.
  const height = (last - first + (last === scene.ladder.rows.length ? 60 : 0)) * ROW;
  return (
    <svg
      class="ps-lines"
      aria-hidden="true"
      width={lanes.width}
      height={height}
      style={{ insetBlockStart: `${first * ROW}px` }}
    >
      {lanes.carrierX !== undefined && (
        <line class="ps-carrier" x1={lanes.carrierX} x2={lanes.carrierX} y1={0} y2={height} />
      )}
      {[...lanes.peers].map(([peer, { x }]) => (
        <line
          key={peer}
          class="ps-lifeline"
          data-elsewhere={scene.hosted.includes(peer) ? undefined : true}
          x1={x}
          x2={x}
          y1={0}
          y2={height}
          style={{ '--peer': peerColour(scene.peers, peer) }}
        />
      ))}
      {arrowsIn(scene.ladder, first, last).map((arrow) => (
        <ArrowLine
          key={arrow.sent?.entry.seq ?? arrow.received?.entry.seq}
          {...{ arrow, scene, lanes, first }}
        />
      ))}
    </svg>
  );
}

function ArrowLine({
  arrow,
  scene,
  lanes,
  first,
}: {
  arrow: Arrow;
  scene: Scene;
  lanes: Lanes;
  first: number;
}) {
  const from = lanes.peers.get(arrow.from);
  const to = lanes.peers.get(arrow.to);
  if (!from || !to) return null;
  const { sent, received } = arrow;
  const yOf = (row: number) => (row - first) * ROW + ARROW_Y;
  const y1 = yOf(sent?.row ?? received!.row);
  const y2 = yOf(received?.row ?? sent!.row);
  const fate = fateOf(arrow, scene.ladder, scene.hosted);
  const half = { x: lanes.carrierX ?? (from.x + to.x) / 2, y: (y1 + y2) / 2 };
  const seqs = [sent?.entry.seq, received?.entry.seq];
  const inFuture = scene.focus !== null && (sent ?? received)!.entry.seq > scene.focus;
  const isArrived = fate === 'delivered' || fate === 'elsewhere';
  return (
    <g
      class="ps-arrow"
      data-fate={fate}
      data-chosen={scene.focus !== null && seqs.includes(scene.focus) ? true : undefined}
      data-future={inFuture || undefined}
      style={{ '--peer': peerColour(scene.peers, arrow.from) }}
    >
      {/* The half that this page has not seen is dashed. */}
      <path class={sent ? undefined : 'ps-unseen'} d={`M${from.x} ${y1}L${half.x} ${half.y}`} />
      {fate !== 'lost' && (
        <path class={received ? undefined : 'ps-unseen'} d={`M${half.x} ${half.y}L${to.x} ${y2}`} />
      )}
      {fate === 'lost' && <path class="ps-cross" d={`M${half.x - 6} ${half.y - 6}l12 12m0 -12l-12 12`} />}
      {isArrived && <path class="ps-arrow-tip" d={tip(from.x, y1, to.x, y2)} />}
      {sent && <circle class="ps-arrow-start" cx={from.x} cy={y1} r={3.5} />}
    </g>
  );
}

/** The triangle at the end of a line from (x1, y1) to (x2, y2), its point on the lifeline. */
function tip(x1: number, y1: number, x2: number, y2: number): string {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const corner = (turn: number) =>
    `${(x2 - 10 * Math.cos(angle + turn)).toFixed(1)} ${(y2 - 10 * Math.sin(angle + turn)).toFixed(1)}`;
  return `M${x2} ${y2}L${corner(0.45)}L${corner(-0.45)}Z`;
}

function drawRow(row: LadderRow, scene: Scene, lanes: Lanes): Row {
  const { entry } = row;
  const inFuture = scene.focus !== null && entry.seq > scene.focus;
  return {
    key: entry.seq,
    label: rowLabel(row, scene),
    class: `ps-ladder-row${inFuture ? ' ps-future' : ''}`,
    style: { '--peer': peerColour(scene.peers, entry.peer) },
    children: (
      <>
        <span class="ps-time" style={{ inlineSize: `${lanes.timeWidth - TIME_GAP}px` }}>
          {inMs(entry.atMs)}
        </span>
        {row.arrow ? (
          <ArrowWords row={row} arrow={row.arrow} {...{ scene, lanes }} />
        ) : (
          <Note {...{ entry, scene, lanes }} />
        )}
      </>
    ),
  };
}

/** The words at one end of an arrow: what is sent, at its start; how long it took, at its end where there is room. */
function ArrowWords({
  row,
  arrow,
  scene,
  lanes,
}: {
  row: LadderRow;
  arrow: Arrow;
  scene: Scene;
  lanes: Lanes;
}) {
  const isStart = row.entry.kind === 'signal-sent';
  const { sent, received } = arrow;
  const took = sent && received && `${inMs(received.entry.atMs - sent.entry.atMs)} ms`;
  if (isStart || !sent) {
    const isLost = fateOf(arrow, scene.ladder, scene.hosted) === 'lost';
    return (
      <span class="ps-arrow-words" style={placeOfWords(arrow, isStart ? 'start' : 'end', scene, lanes)}>
        <span class="ps-chip">
          {signalLabel(arrow.signal)}
          {took && !lanes.isOutside && <small> {took}</small>}
          {isLost && <em> has not arrived</em>}
        </span>
      </span>
    );
  }
  const lane = lanes.peers.get(row.entry.peer);
  if (!lane || !lanes.isOutside) return null;
  return (
    <span class="ps-note ps-arrival" style={noteStyle(lane)}>
      <small>arrives after {took}</small>
    </span>
  );
}

/** Over the arrow, at its start or at its end. */
function placeOfWords({ from, to }: Arrow, end: 'start' | 'end', { peers }: Scene, lanes: Lanes) {
  const fromX = lanes.peers.get(from)?.x ?? 0;
  const toX = lanes.peers.get(to)?.x ?? 0;
  const isAtLeft = end === 'start' ? fromX < toX : toX < fromX;
  return {
    insetInlineStart: `${Math.min(fromX, toX) + 12}px`,
    inlineSize: `${Math.max(0, Math.abs(toX - fromX) - 24)}px`,
    textAlign: isAtLeft ? ('start' as const) : ('end' as const),
    '--peer': peerColour(peers, from),
  };
}

const noteStyle = ({ notes: { left, width, align } }: Lane) => ({
  insetInlineStart: `${left}px`,
  inlineSize: `${width}px`,
  textAlign: align,
});

/** A call, a state or an event beside the lifeline of its peer. */
function Note({ entry, scene, lanes }: { entry: Entry; scene: Scene; lanes: Lanes }) {
  const lane = lanes.peers.get(entry.peer);
  const { title, tone } = describeEntry(entry);
  if (!lane)
    return (
      <span class="ps-band" style={{ insetInlineStart: `${lanes.timeWidth}px` }}>
        <span class="ps-chip" data-tone={tone}>
          {title}
        </span>
      </span>
    );
  return (
    <>
      <span class="ps-mark" data-kind={markOf(entry)} style={{ insetInlineStart: `${lane.x}px` }} />
      <span class="ps-note" style={noteStyle(lane)}>
        <span class="ps-chip" data-tone={tone}>
          <NoteWords entry={entry} title={title} ladder={scene.ladder} />
        </span>
      </span>
    </>
  );
}

function NoteWords({ entry, title, ladder }: { entry: Entry; title: string; ladder: Ladder }) {
  if (isState(entry))
    return (
      <>
        <small>{machines[entry.kind].property}</small> {entry.state}
      </>
    );
  if (entry.kind !== 'call') return <>{title}</>;
  const settled = ladder.outcomes.get(entry.call);
  return (
    <>
      {entry.method}(){' '}
      {settled && (
        <small data-tone={settled.outcome.ok ? undefined : 'bad'}>
          {settled.outcome.ok ? `${inMs(settled.tookMs)} ms` : settled.outcome.name}
        </small>
      )}
    </>
  );
}

function markOf(entry: Entry): 'call' | 'state' | 'error' | 'event' {
  if (entry.kind === 'error') return 'error';
  if (isState(entry)) return 'state';
  return entry.kind === 'call' || entry.kind === 'peer-opened' || entry.kind === 'peer-closed'
    ? 'call'
    : 'event';
}

/** The row as a screen reader says it: «alice sends offer · 3 m-sections to bob, arrived after 2.1 ms, at 12.0 ms». */
function rowLabel({ entry, arrow }: LadderRow, { ladder, hosted }: Scene): string {
  const words = [`${entry.peer}: ${describeEntry(entry).title}`];
  if (arrow && entry.kind === 'signal-sent') {
    const { sent, received } = arrow;
    if (sent && received)
      words.push(`arrived after ${inMs(received.entry.atMs - sent.entry.atMs)} milliseconds`);
    else if (fateOf(arrow, ladder, hosted) === 'lost') words.push('has not arrived');
  }
  return [...words, `at ${inMs(entry.atMs)} milliseconds`].join(', ');
}
