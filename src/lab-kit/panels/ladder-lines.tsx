import type { PeerLabel } from '../../rtc/timeline.ts';
import type { Band } from './model/bands.ts';
import {
  arrowsIn,
  bandsIn,
  burstFates,
  fateOf,
  laneOfServer,
  OWN_SERVER,
  type Arrow,
  type Burst,
  type Fate,
  type Ladder,
  type LadderRow,
} from './model/ladder.ts';
import { laneOf, type Lanes } from './model/lanes.ts';
import type { Window } from './model/window.ts';
import { peerColour } from './peer.tsx';

/** Which run of the ladder is drawn, and who takes part in it. */
export interface Scene {
  readonly ladder: Ladder;
  readonly peers: readonly PeerLabel[];
  readonly hosted: readonly PeerLabel[];
  readonly focus: number | null;
  /** Whether the entry is so new that its message is still to be seen on its way. */
  readonly isFresh: (seq: number) => boolean;
}

/** An arrow runs below the words of its row: so far down, of the row's height. */
export const ARROW_AT = 0.71;

interface Props {
  readonly scene: Scene;
  readonly window: Window;
  readonly lanes: Lanes;
  /** Pixels. */
  readonly rowHeight: number;
}

/** The lifelines, the bands and the arrows of the rows in view. */
export function Lines({ scene, window, lanes, rowHeight }: Props) {
  const { first, last } = window;
  const { rows } = scene.ladder;
  // Below the newest row the lifelines go on to the end of the view; what is longer is clipped.
  const height = (last - first + (last === rows.length ? 60 : 0)) * rowHeight;
  const yOf = (row: number) => (row - first + ARROW_AT) * rowHeight;
  const bursts = rows
    .slice(first, last)
    .flatMap(({ burst, arrow }) => (burst && !arrow && !burst.isOpen ? [burst] : []));
  return (
    <svg
      class="ps-lines"
      aria-hidden="true"
      width={lanes.width}
      height={height}
      style={{ insetBlockStart: `${first * rowHeight}px` }}
    >
      <defs>
        <pattern
          id="ps-hatch"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <path d="M0 3h6" class="ps-hatch" />
        </pattern>
      </defs>
      {bandsIn(scene.ladder, first, last).map(({ band, top, bottom }) => (
        <BandArea
          key={`${band.kind}-${band.firstSeq}`}
          {...{ band, scene, lanes }}
          top={Math.max(-rowHeight, yOf(top))}
          bottom={bottom === undefined ? height : Math.min(height, yOf(bottom))}
          begins={top >= first}
        />
      ))}
      {lanes.carrierX !== undefined && (
        <line class="ps-carrier" x1={lanes.carrierX} x2={lanes.carrierX} y1={0} y2={height} />
      )}
      {[...lanes.servers].map(([server, x]) => (
        <line key={server} class="ps-carrier" x1={x} x2={x} y1={0} y2={height} />
      ))}
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
          key={arrow.received?.entry.seq ?? arrow.sent?.entry.seq}
          {...{ arrow, scene, lanes, yOf }}
        />
      ))}
      {bursts.map((burst) => (
        <BurstLine key={burst.row} {...{ burst, scene, lanes, yOf }} />
      ))}
      {rows.slice(first, last).map(({ wire }, index) => {
        return wire && <WireLine key={wire.entry.seq} {...{ wire, scene, lanes }} y={yOf(first + index)} />;
      })}
      {rows.slice(first, last).map(({ entry }, index) => {
        const peer =
          entry.kind === 'server-message' && entry.socket !== undefined && laneOf(lanes, entry.peer);
        if (!peer || lanes.carrierX === undefined) return null;
        const y = yOf(first + index);
        const ends = [peer.x, y, lanes.carrierX, y] as const;
        return (
          <Shaft
            key={entry.seq}
            arrow={{ from: entry.peer, to: entry.peer, way: 'data' }}
            {...{ scene, lanes }}
            fate="delivered"
            points={entry.way === 'sent' ? ends : [ends[2], y, ends[0], y]}
            isSeen={[true, true]}
            isChosen={scene.focus === entry.seq}
            isFuture={scene.focus !== null && entry.seq > scene.focus}
            travels={scene.focus === null && scene.isFresh(entry.seq)}
          />
        );
      })}
      {rows.slice(first, last).map(({ entry }, index) => {
        // A server that gave no candidate: the question went there, and no answer came.
        const from = entry.kind === 'candidate-error' && laneOf(lanes, entry.peer);
        const serverX =
          entry.kind === 'candidate-error' && lanes.servers.get(laneOfServer(scene.ladder, entry.url));
        if (!from || !serverX) return null;
        const y = yOf(first + index);
        return (
          <g key={entry.seq} class="ps-arrow" style={{ '--peer': peerColour(scene.peers, entry.peer) }}>
            <path class="ps-unseen" d={`M${from.x} ${y}L${serverX} ${y}`} />
            <Cross x={serverX} y={y} />
          </g>
        );
      })}
    </svg>
  );
}

function BandArea({
  band,
  scene,
  lanes,
  top,
  bottom,
  begins,
}: {
  band: Band;
  scene: Scene;
  lanes: Lanes;
  top: number;
  bottom: number;
  begins: boolean;
}) {
  const from = laneOf(lanes, band.from);
  const to = band.to === undefined ? undefined : laneOf(lanes, band.to);
  if (!from) return null;
  const height = Math.max(2, bottom - top);
  const style = { '--peer': peerColour(scene.peers, band.from) };
  if (band.kind === 'ice' || band.kind === 'dtls') {
    const x = band.kind === 'ice' ? from.x - 9 : from.x + 3;
    return <rect class="ps-phase" data-band={band.kind} {...{ x, height, style }} y={top} width={6} rx={2} />;
  }
  if (!to) return null;
  const x = Math.min(from.x, to.x);
  return (
    <g class="ps-flow" data-band={band.kind} style={style}>
      <rect {...{ x, height }} y={top} width={Math.abs(to.x - from.x)} />
      {begins && <path class="ps-flow-start" d={`M${from.x} ${top}L${to.x} ${top}`} />}
      {begins && <path class="ps-flow-tip" d={tip(from.x, top, to.x, top, 14)} />}
      {begins && band.kind === 'channel' && <path class="ps-flow-tip" d={tip(to.x, top, from.x, top, 14)} />}
    </g>
  );
}

interface LineProps {
  readonly scene: Scene;
  readonly lanes: Lanes;
  readonly yOf: (row: number) => number;
}

function ArrowLine({ arrow, scene, lanes, yOf }: LineProps & { arrow: Arrow }) {
  const from = laneOf(lanes, arrow.from);
  const to = laneOf(lanes, arrow.to);
  if (!from || !to) return null;
  const { sent, received } = arrow;
  const y1 = yOf(sent?.row ?? received!.row);
  const y2 = yOf(received?.row ?? sent!.row);
  const fate = fateOf(arrow, scene.ladder, scene.hosted);
  const ends = [sent?.entry.seq, received?.entry.seq];
  const newest = (received ?? sent)!.entry.seq;
  return (
    <Shaft
      {...{ arrow, scene, lanes, fate }}
      points={[from.x, y1, to.x, y2]}
      isSeen={[Boolean(sent), Boolean(received)]}
      isChosen={scene.focus !== null && ends.includes(scene.focus)}
      isFuture={scene.focus !== null && (sent ?? received)!.entry.seq > scene.focus}
      travels={scene.focus === null && scene.isFresh(newest)}
    />
  );
}

function BurstLine({ burst, scene, lanes, yOf }: LineProps & { burst: Burst }) {
  const from = laneOf(lanes, burst.from);
  const to = laneOf(lanes, burst.to);
  if (!from || !to || burst.row === undefined) return null;
  const y = yOf(burst.row);
  const seqs = burst.arrows.flatMap(({ sent, received }) => [sent?.entry.seq, received?.entry.seq]);
  const fates = burstFates(burst, scene.ladder, scene.hosted);
  const worst = (['lost', 'dropped', 'held', 'elsewhere', 'under-way'] as const).find((fate) =>
    fates.has(fate),
  );
  const first = seqs.find((seq) => seq !== undefined) ?? 0;
  return (
    <Shaft
      arrow={{ from: burst.from, to: burst.to, way: 'signal' }}
      {...{ scene, lanes }}
      fate={fates.has('delivered') ? 'delivered' : (worst ?? 'delivered')}
      points={[from.x, y, to.x, y]}
      isSeen={[burst.arrows.some(({ sent }) => sent), burst.arrows.some(({ received }) => received)]}
      isChosen={scene.focus !== null && seqs.includes(scene.focus)}
      isFuture={scene.focus !== null && first > scene.focus}
      travels={false}
      isMany
    />
  );
}

/** Between a peer and our server. It was seen at the server: the peer's half is dashed. */
function WireLine({
  wire: { entry, burst },
  scene,
  lanes,
  y,
}: {
  wire: NonNullable<LadderRow['wire']>;
  scene: Scene;
  lanes: Lanes;
  y: number;
}) {
  const peer = laneOf(lanes, entry.peer);
  const server = lanes.servers.get(OWN_SERVER);
  if (!peer || server === undefined || burst?.isOpen) return null;
  const { focus } = scene;
  const isMany = burst !== undefined && burst.entries.length > 1;
  const isReceived = entry.way === 'received';
  const seqs = isMany ? burst.entries.map(({ seq }) => seq) : [entry.seq];
  const [x1, x2] = isReceived ? [peer.x, server] : [server, peer.x];
  return (
    <Shaft
      arrow={{ from: entry.peer, to: entry.peer, way: 'data' }}
      {...{ scene, lanes, isMany }}
      fate="delivered"
      points={[x1, y, x2, y]}
      isSeen={isMany ? [true, true] : [!isReceived, isReceived]}
      isChosen={focus !== null && seqs.includes(focus)}
      isFuture={focus !== null && entry.seq > focus}
      travels={focus === null && !isMany && scene.isFresh(entry.seq)}
    />
  );
}

function Shaft({
  arrow,
  scene,
  lanes,
  points: [x1, y1, x2, y2],
  fate,
  isSeen: [isSent, isReceived],
  isChosen,
  isFuture,
  travels,
  isMany = false,
}: {
  arrow: Pick<Arrow, 'from' | 'to' | 'way'>;
  scene: Scene;
  lanes: Lanes;
  points: readonly [number, number, number, number];
  fate: Fate;
  isSeen: readonly [boolean, boolean];
  isChosen: boolean;
  isFuture: boolean;
  travels: boolean;
  isMany?: boolean;
}) {
  const isData = arrow.way === 'data';
  const middle = { x: (x1 + x2) / 2, y: (y1 + y2) / 2 };
  // A signal passes its carrier, also where that is not between the two.
  const half = { x: isData ? middle.x : (lanes.carrierX ?? middle.x), y: middle.y };
  const isArrived = fate === 'delivered' || fate === 'elsewhere' || fate === 'under-way';
  const stops = fate === 'lost' || fate === 'dropped' || fate === 'held';
  return (
    <g
      class={`ps-arrow${isData ? ' ps-arrow-data' : ''}${isMany ? ' ps-arrow-many' : ''}`}
      data-fate={fate}
      data-chosen={isChosen || undefined}
      data-future={isFuture || undefined}
      style={{ '--peer': peerColour(scene.peers, arrow.from) }}
    >
      {/* The half that this page has not seen is dashed. */}
      <path class={isSent ? undefined : 'ps-unseen'} d={`M${x1} ${y1}L${half.x} ${half.y}`} />
      {!stops && <path class={isReceived ? undefined : 'ps-unseen'} d={`M${half.x} ${half.y}L${x2} ${y2}`} />}
      {(fate === 'lost' || fate === 'dropped') && <Cross {...half} />}
      {fate === 'held' && <Hand {...half} />}
      {isArrived && fate !== 'under-way' && <path class="ps-arrow-tip" d={tip(half.x, half.y, x2, y2)} />}
      {isSent && <circle class="ps-arrow-start" cx={x1} cy={y1} r={isData ? 2.5 : 3.5} />}
      {travels && (
        <circle
          class="ps-traveller"
          r={isData ? 4 : 6}
          style={{ offsetPath: `path("M${x1} ${y1}L${half.x} ${half.y}L${x2} ${y2}")` }}
        />
      )}
    </g>
  );
}

const Cross = ({ x, y }: { x: number; y: number }) => (
  <path class="ps-cross" d={`M${x - 6} ${y - 6}l12 12m0 -12l-12 12`} />
);

/** Two upright bars in a ring, as on a player: it waits. */
const Hand = ({ x, y }: { x: number; y: number }) => (
  <g class="ps-hand">
    <circle cx={x} cy={y} r={9} />
    <path d={`M${x - 3} ${y - 4}v8M${x + 3} ${y - 4}v8`} />
  </g>
);

/** The triangle at the end of a line from (x1, y1) to (x2, y2), its point on the lifeline. */
function tip(x1: number, y1: number, x2: number, y2: number, size = 10): string {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const corner = (turn: number) =>
    `${(x2 - size * Math.cos(angle + turn)).toFixed(1)} ${(y2 - size * Math.sin(angle + turn)).toFixed(1)}`;
  return `M${x2} ${y2}L${corner(0.45)}L${corner(-0.45)}Z`;
}
