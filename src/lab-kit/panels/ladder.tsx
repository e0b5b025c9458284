import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';
import type { PanelProps } from '../view.ts';
import { EntryDetails } from './entry-details.tsx';
import { ARROW_AT, Lines, type Scene } from './ladder-lines.tsx';
import { bandsAt, flowWords, type Band } from './model/bands.ts';
import { describeEntry, signalLabel } from './model/describe.ts';
import { lastAtOrBefore } from './model/fold.ts';
import { inMs, plural } from './model/format.ts';
import {
  burstFates,
  fateOf,
  faultsOf,
  ladderFold,
  levelNames,
  levels,
  OWN_SERVER,
  type Arrow,
  type Burst,
  type Fate,
  type Ladder,
  type LadderRow,
  type Level,
  type WireBurst,
} from './model/ladder.ts';
import { laneOf, lanesOf, type Lane, type Lanes } from './model/lanes.ts';
import { machines } from './model/machines.ts';
import { participantOf } from './model/participants.ts';
import { isState } from './model/states.ts';
import { readWire } from './model/wire-messages.ts';
import { Empty, Segments } from './parts.tsx';
import { peerColour } from './peer.tsx';
import { VirtualList, type Row } from './virtual-list.tsx';
import './panel.css';
import './ladder.css';

/** Pixels, until the style sheet has said how high a row is. */
const ROW = 38;
/** Between two lines; the words of a message need as much. */
const TIGHT = 200;
/** Between the times and what follows. */
const TIME_GAP = 12;

/**
 * The message ladder: each peer a line from top to bottom, each signal an arrow from the sending to the arrival, and
 * what goes straight between the peers as bands.
 */
export function LadderPanel({ view }: PanelProps) {
  const level = useSignal<Level>('states');
  const open = useSignal(false);
  const opened = useSignal<ReadonlySet<number>>(new Set());
  const compute = useMemo(() => ladderFold(level.value, opened.value), [level.value, opened.value]);
  const { list } = view.entries.value;
  const focus = view.focus.value;
  const peers = view.peers.value;
  const isFresh = useFresh(list);
  const ladder = compute(list);
  const scene: Scene = { ladder, peers, hosted: view.hosted.value, focus, isFresh };
  const { rows, servers } = ladder;
  const chosen = focus === null ? -1 : lastAtOrBefore(rows, focus, ({ entry }) => entry.seq);
  const lanesAt = (width: number) => lanesOf(width, peers, servers);

  /** A break and the heading of a burst stand between entries: the choice passes over them. */
  const choose = (index: number | null) => {
    if (index === null) {
      view.focus.value = null;
      return;
    }
    const step = chosen >= 0 && index < chosen ? -1 : 1;
    let next = index;
    while (rows[next] && isPassedOver(rows[next]!)) next += step;
    const row = rows[next] ?? rows[index - step];
    if (row) view.focus.value = row.entry.seq;
  };
  const toggle = (burst: Burst | WireBurst) => {
    const first = firstOf(burst);
    if (first === undefined) return;
    const next = new Set(opened.value);
    if (!next.delete(first)) next.add(first);
    opened.value = next;
    view.focus.value = first;
  };
  const onKey = (key: string): boolean => {
    const burst = foldable(rows[chosen]);
    if (!burst) return false;
    const wants = burst.isOpen ? ['ArrowLeft'] : ['ArrowRight', 'Enter', ' '];
    if (!wants.includes(key)) return false;
    toggle(burst);
    return true;
  };

  return (
    <div class="ps-panel ps-ladder">
      <div class="ps-bar">
        <Segments
          label="What the ladder shows"
          options={levels.map((id) => [id, levelNames[id]])}
          value={level.value}
          onChange={(value) => (level.value = value)}
        />
        {rows.length > 0 && (
          <Flows bands={bandsAt(ladder.bands, focus)} isRelayed={ladder.relayed.size > 0} />
        )}
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
          onChoose={choose}
          onOpen={() => (open.value = !open.value)}
          onKey={onKey}
          onPress={(index) => {
            const { burst, wire } = rows[index] ?? {};
            const fold = burst ?? (wire?.burst && wire.burst.entries.length > 1 ? wire.burst : undefined);
            if (fold) toggle(fold);
            return fold !== undefined;
          }}
          head={({ width }) => <Heads scene={scene} lanes={lanesAt(width)} />}
          behind={(window, { width, rowHeight }) => (
            <Lines {...{ scene, window, rowHeight }} lanes={lanesAt(width)} />
          )}
          row={(index, { width }) => drawRow(rows[index]!, scene, lanesAt(width))}
        />
      )}
      <EntryDetails entry={rows[chosen]?.entry} peers={peers} open={open} />
    </div>
  );
}

const isPassedOver = ({ gapMs, burst, wire }: LadderRow): boolean =>
  gapMs !== undefined || burst?.isOpen === true || wire?.burst?.isOpen === true;

/** What the arrow keys open and close at a row. */
function foldable(row: LadderRow | undefined): Burst | WireBurst | undefined {
  const signals = row?.burst ?? row?.arrow?.burst;
  if (signals?.row !== undefined) return signals;
  const wire = row?.wire?.burst;
  return wire && wire.entries.length > 1 ? wire : undefined;
}

/** `seq` of the first entry of a burst, by which it is known to be open. */
function firstOf(burst: Burst | WireBurst): number | undefined {
  if ('entries' in burst) return burst.entries[0]?.seq;
  return (burst.arrows[0]?.sent ?? burst.arrows[0]?.received)?.entry.seq;
}

/** For how long a message is seen on its way. Longer than `--ps-travel`. */
const FRESH_MS = 1000;

/** Tells new entries from those that were there before: only what has just happened moves. */
function useFresh(list: readonly Entry[]): (seq: number) => boolean {
  const state = useRef({ list, seen: list.length, since: new Map<number, number>() });
  const { current } = state;
  // What was there when a list was first looked at is no news.
  if (current.list !== list) Object.assign(current, { list, seen: list.length });
  const now = performance.now();
  for (const [seq, at] of current.since) if (now - at > FRESH_MS) current.since.delete(seq);
  for (const { seq } of list.slice(current.seen)) current.since.set(seq, now);
  current.seen = list.length;
  return (seq) => current.since.has(seq);
}

/** What lasts at the moment that is shown. The line is there from the start, so that nothing moves when it fills. */
function Flows({ bands, isRelayed }: { bands: readonly Band[]; isRelayed: boolean }) {
  const straight = flowWords(bands);
  const phases = bands.filter(({ kind }) => kind === 'ice' || kind === 'dtls');
  return (
    <p class="ps-flows">
      {straight ? (
        <span>
          {isRelayed ? 'Between the peers, through the relay' : 'Straight between the peers'}: {straight}
        </span>
      ) : (
        <span>Nothing flows between the peers</span>
      )}
      {phases.map(({ kind, from, label }) => (
        <span key={`${kind}-${from}`} class="ps-phase-name" data-band={kind}>
          {from}: {label}
        </span>
      ))}
    </p>
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
          data-side={sideOf(x, lanes)}
          style={{ insetInlineStart: `${x}px`, '--peer': peerColour(scene.peers, peer) }}
        >
          {peer}
          {scene.hosted.length > 0 && !scene.hosted.includes(peer) && <small> elsewhere</small>}
        </span>
      ))}
      {lanes.carrierX !== undefined && (
        <span class="ps-head ps-head-carrier" style={{ insetInlineStart: `${lanes.carrierX}px` }}>
          {scene.ladder.carrier}
        </span>
      )}
      {[...lanes.servers].map(([server, x]) => (
        <span
          key={server}
          class="ps-head ps-head-carrier"
          data-side={sideOf(x, lanes)}
          style={{ insetInlineStart: `${x}px` }}
          title={server}
        >
          {serverName(server, lanes)}
        </span>
      ))}
    </div>
  );
}

/** `stun 192.0.2.1`; where there is no room, what it is. The row of its error tells the whole URL. */
function serverName(url: string, { width, peers, servers }: Lanes): string {
  if (url === OWN_SERVER) {
    const before = Math.max(0, ...[...peers.values()].map(({ x }) => x));
    const gap = (servers.get(url) ?? width) - before;
    return gap < 120 ? 'STUN' : gap < 180 ? 'STUN/TURN' : url;
  }
  const [scheme = '', host = ''] = url.split(/[:?]/, 2);
  return width < 600 ? scheme : `${scheme} ${host}`.slice(0, 22);
}

const sideOf = (x: number, { width }: Lanes) => (x < 110 ? 'start' : width - x < 60 ? 'end' : undefined);

function drawRow(row: LadderRow, scene: Scene, lanes: Lanes): Row {
  const { entry, gapMs } = row;
  if (gapMs !== undefined) {
    const words = `${(gapMs / 1000).toFixed(1)} s`;
    return {
      key: entry.seq - 0.75,
      label: `nothing for ${words}`,
      isBreak: true,
      class: 'ps-gap-row',
      children: (
        <span class="ps-gap" style={{ insetInlineStart: `${lanes.timeWidth}px` }}>
          <span class="ps-chip">{words} later</span>
        </span>
      ),
    };
  }
  const inFuture = scene.focus !== null && entry.seq > scene.focus;
  return {
    key: row.burst || row.wire?.burst?.isOpen ? entry.seq - 0.5 : entry.seq,
    label: rowLabel(row, scene),
    class: `ps-ladder-row${inFuture ? ' ps-future' : ''}`,
    style: { '--peer': peerColour(scene.peers, entry.peer), '--arrow-at': `${ARROW_AT * 100}%` },
    children: (
      <>
        <span class="ps-time" style={{ inlineSize: `${lanes.timeWidth - TIME_GAP}px` }}>
          {inMs(entry.atMs)}
        </span>
        <RowWords {...{ row, scene, lanes }} />
      </>
    ),
  };
}

function RowWords({ row, scene, lanes }: { row: LadderRow; scene: Scene; lanes: Lanes }) {
  const { entry, arrow, band, burst, wire } = row;
  if (wire) return <WireWords {...{ wire, scene, lanes }} />;
  if (burst) return <BurstWords {...{ burst, scene, lanes }} />;
  if (arrow) return <ArrowWords {...{ row, arrow, scene, lanes }} />;
  if (band?.to)
    return (
      <span
        class="ps-arrow-words ps-flow-words"
        style={placeOfWords({ from: band.from, to: band.to }, 'start', scene, lanes)}
      >
        <span class="ps-chip">
          {band.label} <small>{bandWords(band, scene.ladder)}</small>
        </span>
      </span>
    );
  return <Note {...{ entry, scene, lanes }} />;
}

function BurstWords({ burst, scene, lanes }: { burst: Burst; scene: Scene; lanes: Lanes }) {
  return (
    <span class="ps-arrow-words" style={placeOfWords(burst, 'start', scene, lanes)}>
      <span class="ps-chip">
        <span class="ps-fold">{burst.isOpen ? '▾' : '▸'}</span> {burstWords(burst, scene)}
      </span>
    </span>
  );
}

/** A message at our STUN/TURN server, over its arrow. */
function WireWords({ wire, scene, lanes }: { wire: Wire; scene: Scene; lanes: Lanes }) {
  const { entry, burst } = wire;
  const isFolded = burst !== undefined && burst.entries.length > 1;
  const server = lanes.servers.get(OWN_SERVER) ?? lanes.width;
  const own = laneOf(lanes, entry.peer)?.x ?? lanes.timeWidth;
  // Where the two lines stand too close for words, these go on to the left.
  const isTight = server - own < TIGHT;
  const from = isTight ? lanes.timeWidth : own;
  return (
    <span
      class="ps-arrow-words"
      style={{
        insetInlineStart: `${from + 12}px`,
        inlineSize: `${Math.max(0, server - from - 24)}px`,
        textAlign: entry.way === 'received' && !isTight ? 'start' : 'end',
        '--peer': peerColour(scene.peers, entry.peer),
      }}
    >
      <span class="ps-chip" data-tone={!isFolded && readWire(entry).isError ? 'bad' : undefined}>
        {isFolded && <span class="ps-fold">{burst.isOpen ? '▾ ' : '▸ '}</span>}
        {wireWords(wire, scene.ladder)}
      </span>
    </span>
  );
}

type Wire = NonNullable<LadderRow['wire']>;

/** `Allocate error 401`; folded, `14 packets through the relay, 12 of ICE checks`. */
function wireWords({ entry, burst }: Wire, ladder: Ladder): string {
  if (burst && burst.entries.length > 1) {
    const { length } = burst.entries;
    const checks = burst.checks === length ? ', all of ICE checks' : `, ${burst.checks} of ICE checks`;
    return `${plural(length, 'packet')} through the relay${burst.checks > 0 ? checks : ''}`;
  }
  const { title } = readWire(entry);
  const data = ladder.channels.get(entry.peer)?.seq === entry.seq && ladder.channelData.get(entry.peer);
  return data && data.packets > 0 ? `${title}, then ${plural(data.packets, 'packet')} of ChannelData` : title;
}

/** Which way it takes: straight, or through a TURN server that one of the ends uses. */
function bandWords({ kind, from, to }: Band, { relayed }: Ladder): string {
  const way = relayed.has(from) || relayed.has(to ?? from) ? 'through the relay' : 'straight';
  return kind === 'channel' ? `open, ${way}` : `flows ${way}`;
}

/** `6 candidates, 1 held`. */
function burstWords(burst: Burst, { ladder, hosted }: Scene): string {
  const others = [...burstFates(burst, ladder, hosted)]
    .filter(([fate]) => fate !== 'delivered' && fate !== 'elsewhere')
    .map(([fate, count]) => `${count} ${fate === 'under-way' ? 'under way' : fate}`);
  return [plural(burst.arrows.length, 'candidate'), ...others].join(', ');
}

/** What happened to a signal on its way, in words: it is never told by a line alone. */
function fateWords(arrow: Arrow, fate: Fate, ladder: Ladder): string[] {
  const did = faultsOf(arrow, ladder).filter((fault) => fault !== 'released' || fate === 'delivered');
  if (fate === 'lost' && !did.includes('renamed')) return [...did, 'has not arrived'];
  if (fate === 'lost') return did.map((fault) => (fault === 'renamed' ? 'renamed: nobody listens' : fault));
  return did;
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
  const { sent, received } = arrow;
  const isStart = row.entry === sent?.entry;
  const took = sent && received && `${inMs(received.entry.atMs - sent.entry.atMs)} ms`;
  if (isStart || !sent) {
    const fate = fateOf(arrow, scene.ladder, scene.hosted);
    const words = fateWords(arrow, fate, scene.ladder);
    const frame = scene.ladder.frames.get(arrow.id);
    return (
      <span class="ps-arrow-words" style={placeOfWords(arrow, isStart ? 'start' : 'end', scene, lanes)}>
        <span class="ps-chip">
          {arrowLabel(row.entry)}
          {frame?.sizeBytes !== undefined && (
            <small>
              {' '}
              {frame.name}, {plural(frame.sizeBytes, 'byte')}
            </small>
          )}
          {took && !lanes.isOutside && <small> {took}</small>}
          {words.length > 0 && <em> {words.join(', ')}</em>}
        </span>
      </span>
    );
  }
  const lane = laneOf(lanes, row.entry.peer);
  if (!lane || !lanes.isOutside) return null;
  return (
    <span class="ps-note ps-arrival" style={noteStyle(lane)}>
      <small>arrives after {took}</small>
    </span>
  );
}

function arrowLabel(entry: Entry): string {
  if (entry.kind === 'signal-sent' || entry.kind === 'signal-received') return signalLabel(entry.signal);
  return entry.kind === 'data-message' ? `“${entry.label}” ${plural(entry.sizeBytes, 'byte')}` : '';
}

/** Over the arrow, at its start or at its end. */
function placeOfWords(
  { from, to }: { readonly from: PeerLabel; readonly to: PeerLabel },
  end: 'start' | 'end',
  { peers }: Scene,
  lanes: Lanes,
) {
  const fromX = laneOf(lanes, from)?.x ?? 0;
  const toX = laneOf(lanes, to)?.x ?? 0;
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
  const lane = laneOf(lanes, entry.peer);
  const { title, tone } = describeEntry(entry);
  const name = participantOf(entry.peer, scene.peers);
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
          {entry.peer.length > name.length && <small>{entry.peer.slice(name.length)} </small>}
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
  if (entry.kind === 'error' || entry.kind === 'fault') return 'error';
  if (isState(entry)) return 'state';
  return entry.kind === 'call' || entry.kind === 'peer-opened' || entry.kind === 'peer-closed'
    ? 'call'
    : 'event';
}

/** The row as a screen reader says it: «alice sends offer · 3 m-sections to bob, arrived after 2.1 ms, at 12.0 ms». */
function rowLabel({ entry, arrow, burst, band, wire }: LadderRow, scene: Scene): string {
  const { ladder, hosted } = scene;
  const at = `at ${inMs(entry.atMs)} milliseconds`;
  if (wire) {
    const isFolded = wire.burst !== undefined && wire.burst.entries.length > 1;
    const ends = [entry.peer, 'the STUN/TURN server'];
    const [from, to] = wire.entry.way === 'received' ? ends : ends.toReversed();
    const way = isFolded ? `${entry.peer} and the STUN/TURN server` : `${from} to ${to}`;
    const fold = wire.burst?.isOpen ? 'open, left arrow folds them' : 'folded, Enter opens them';
    return [`${way}: ${wireWords(wire, ladder)}`, ...(isFolded ? [fold] : []), at].join(', ');
  }
  if (burst) {
    const fold = burst.isOpen ? 'open, left arrow folds them' : 'folded, Enter opens them';
    return `${burst.from}: ${burstWords(burst, scene)} to ${burst.to}, ${fold}, ${at}`;
  }
  const words = [`${entry.peer}: ${describeEntry(entry).title}`];
  if (band?.to)
    words.push(
      band.kind === 'channel'
        ? `${bandWords(band, ladder)} between ${band.from} and ${band.to}`
        : `${band.label} ${bandWords(band, ladder)} from ${band.from} to ${band.to}`,
    );
  if (arrow && entry === arrow.sent?.entry) {
    const { sent, received } = arrow;
    if (received) words.push(`arrived after ${inMs(received.entry.atMs - sent.entry.atMs)} milliseconds`);
    words.push(...fateWords(arrow, fateOf(arrow, ladder, hosted), ladder));
  }
  return [...words, at].join(', ');
}
