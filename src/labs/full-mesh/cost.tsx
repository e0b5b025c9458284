import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { PeerName, peerColour } from '../../lab-kit/panels/peer.tsx';
import { Segments, usePageId } from '../../lab-kit/panels/parts.tsx';
import { LivePicture, useShown } from '../../lab-kit/panels/shown.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import type { Bench } from '../../rtc/bench.ts';
import { costOf, endsFold, pointOf, SAMPLES, type PersonCost } from './cost.ts';
import { Curve, mostPeople, perConnectionBps, type Point } from './curve.ts';
import { otherOf, people as everybody, personOf } from './people.ts';
import '../../lab-kit/panels/panel.css';
import '../../lab-kit/ends.css';
import './mesh.css';

/** What the meeting costs one person, measured; whom they see; and the curve of all runs in this browser. */
export function Cost({ view }: PanelProps) {
  const compute = useMemo(endsFold, []);
  const { list } = view.entries.value;
  const ends = compute(list, endAt(list, view.focus.value));
  const there = [...new Set(view.peers.value.map(personOf))].toSorted((a, b) => placeOf(a) - placeOf(b));
  const chosen = useSignal<string>('alice');
  const person = there.includes(chosen.value) ? chosen.value : (there[0] ?? 'alice');
  const own = costOf(ends).find((one) => one.person === person);
  const open = [...ends.values()].filter(({ isConnected }) => isConnected).length;
  const point = pointOf(ends);
  const curve = useMemo(() => new Curve(shelf()), []);
  const points = useSignal(curve.points);
  const isLive = view.state.value === 'running' && view.focus.value === null;
  useEffect(() => {
    if (!point || !isLive) return;
    curve.keep(point);
    points.value = curve.points;
  }, [isLive, point?.people, point?.upBps, point?.downBps]);
  return (
    <section class="ps-panel ends mesh" aria-label="What the mesh costs">
      <Segments
        label="Whose meeting"
        options={there.map((name) => [name, name] as const)}
        value={person}
        onChange={(name) => (chosen.value = name)}
      />
      <Pictures bench={view.bench.value} person={person} others={there.filter((name) => name !== person)} />
      <Meter people={there.length} person={person} own={own} connected={open} />
      <p class="ends-verdict" role="status">
        {point
          ? `Measured: the point for ${point.people} people is on your curve.`
          : isLive && open > 0
            ? `Each connection first looks for its bitrate. The mean of ${SAMPLES} seconds after that is a point of your curve.`
            : 'Start the call, with two people, then with three and more. Each number gives a point of your curve.'}
      </p>
      <YourCurve
        points={points.value}
        onForget={() => {
          curve.forget();
          points.value = curve.points;
        }}
      />
    </section>
  );
}

const placeOf = (person: string): number => everybody.findIndex((name) => name === person);

function shelf(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined; // forbidden for this page
  }
}

/** What one of them sees: a picture of each of the others. */
function Pictures({
  bench,
  person,
  others,
}: {
  bench: Bench | null;
  person: string;
  others: readonly string[];
}) {
  const shown = useShown(bench);
  return (
    <ul class="mesh-pictures" aria-label={`What ${person} sees`}>
      {others.map((other) => (
        <li key={other} style={{ '--peer': peerColour(everybody, other) }}>
          <LivePicture
            label={`${other}, as ${person} sees them`}
            bench={bench}
            stream={
              shown.findLast(
                ({ peer, side }) => side === 'remote' && personOf(peer) === person && otherOf(peer) === other,
              )?.stream
            }
          />
          <PeerName peers={everybody} peer={other} />
        </li>
      ))}
    </ul>
  );
}

interface MeterProps {
  readonly people: number;
  readonly person: string;
  readonly own: PersonCost | undefined;
  /** Ends of connections that are up, of everybody. */
  readonly connected: number;
}

/** The numbers of the meeting: what the formula says, and what is. */
function Meter({ people, person, own, connected }: MeterProps) {
  const others = people - 1;
  const { slowestFps } = own ?? {};
  const rows: [what: string, rule: string, measured: string, name: string][] = [
    ['Connections in the room', `n(n − 1)/2 = ${(people * others) / 2}`, `${connected / 2}`, 'connections'],
    ['RTCPeerConnections, all pages', `n(n − 1) = ${people * others}`, `${connected}`, 'ends'],
    [`… of ${person}`, `n − 1 = ${others}`, `${own?.connections ?? 0}`, 'own'],
    [`${person} encodes`, `2(n − 1) = ${2 * others} streams`, `${own?.encoders ?? 0} streams`, 'encoders'],
    [`${person} sends`, 'grows with n − 1', kbits(own?.upBps), 'up'],
    [`${person} receives`, 'grows with n − 1', kbits(own?.downBps), 'down'],
    [
      'Slowest picture sent',
      'as drawn: 30 a second',
      slowestFps === undefined ? '–' : `${Math.round(slowestFps)} a second`,
      'fps',
    ],
  ];
  return (
    <table class="mesh-meter">
      <thead>
        <tr>
          <th scope="col">{people} people</th>
          <th scope="col">By the rule</th>
          <th scope="col">Measured now</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([what, rule, measured, name]) => (
          <tr key={name}>
            <th scope="row">{what}</th>
            <td>{rule}</td>
            <td data-cost={name}>{measured}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const kbits = (bps: number | undefined): string =>
  bps === undefined || bps === 0 ? '–' : `${Math.round(bps / 1000).toLocaleString('en')} kbit/s`;

const WIDTH = 320;
const HEIGHT = 190;
const LEFT = 44;
const BOTTOM = 160;
const MOST = 8;

/** The measured points over n, the line that they suggest, and where an uplink ends it. */
function YourCurve({ points, onForget }: { points: readonly Point[]; onForget: () => void }) {
  const limit = useSignal('2');
  const id = usePageId();
  const slope = perConnectionBps(points);
  const limitBps = Number(limit.value.replace(',', '.')) * 1_000_000;
  const isLimit = limit.value.trim() !== '' && Number.isFinite(limitBps) && limitBps > 0 && limitBps <= 1e10;
  const most = slope && isLimit ? mostPeople(limitBps, slope) : undefined;
  const top = Math.max(slope ? slope * (MOST - 1) : 1_000_000, ...points.map(({ upBps }) => upBps));
  const x = (people: number) => LEFT + ((people - 1) / (MOST - 1)) * (WIDTH - LEFT - 12);
  const y = (bps: number) => BOTTOM - (bps / top) * (BOTTOM - 16);
  return (
    <section class="ends-one mesh-curve" aria-label="Your curve">
      <h2>Your curve: what one person sends</h2>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={inWords(points)}>
        <path class="mesh-axis" d={`M${LEFT} 10V${BOTTOM}H${WIDTH - 6}`} />
        {Array.from({ length: MOST }, (_, index) => (
          <text key={index} x={x(index + 1)} y={BOTTOM + 16} text-anchor="middle">
            {index + 1}
          </text>
        ))}
        <text x={WIDTH - 8} y={BOTTOM + 29} text-anchor="end">
          people
        </text>
        <text x={LEFT - 6} y={y(top) + 4} text-anchor="end">
          {(top / 1_000_000).toFixed(1)}
        </text>
        <text x={LEFT - 6} y={y(top) + 17} text-anchor="end">
          Mbit/s
        </text>
        {slope !== undefined && (
          <path class="mesh-line" d={`M${x(1)} ${y(0)}L${x(MOST)} ${y(slope * (MOST - 1))}`} />
        )}
        {points.map(({ people, upBps }) => (
          <circle key={people} cx={x(people)} cy={y(upBps)} r="4.5" />
        ))}
      </svg>
      {points.length > 0 && (
        <ul class="mesh-points">
          {points.map(({ people, upBps, fps }) => (
            <li key={people}>
              {people} people: <b>{kbits(upBps)}</b> up
              {fps !== undefined && `, ${Math.round(fps)} frames a second`}
            </li>
          ))}
        </ul>
      )}
      <p class="mesh-limit">
        <label htmlFor={id}>My upload in Mbit/s</label>
        <input
          id={id}
          inputMode="decimal"
          maxLength={7}
          value={limit.value}
          aria-invalid={!isLimit}
          onInput={({ currentTarget }) => (limit.value = currentTarget.value)}
        />
        <output for={id}>{limitWords(slope, isLimit, most)}</output>
      </p>
      <p>
        <button type="button" class="ps-button" disabled={points.length === 0} onClick={onForget}>
          Forget my points
        </button>
      </p>
    </section>
  );
}

function limitWords(slope: number | undefined, isLimit: boolean, most: number | undefined): string {
  if (!isLimit) return 'Write a number above 0, such as 2 or 0.5.';
  if (slope === undefined || most === undefined) return 'Measure a point first.';
  const each = `At ${kbits(slope)} for each of the others`;
  return most < 2
    ? `${each} not even two people fit.`
    : `${each} it would carry ${most} people with these pictures.`;
}

const inWords = (points: readonly Point[]): string =>
  points.length === 0
    ? 'A diagram without a point yet.'
    : `What one person sends: ${points.map(({ people, upBps }) => `${people} people ${kbits(upBps)}`).join(', ')}. The line through the origin grows with n − 1.`;
