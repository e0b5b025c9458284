import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { LinkRates } from '../../../rtc/meeting/rates.ts';
import type { Measured } from '../../../rtc/meeting/meter.ts';
import type { RoomState } from '../../../rtc/signaling/room-client.ts';
import { plural } from '../../panels/model/format.ts';
import type { Person } from '../session.ts';
import { layout, type Point } from './drawing.ts';
import type { Inspected } from './measured.ts';
import { bothWays, pathWords, rateWords, stateWords } from './words.ts';

interface Props {
  readonly session: Inspected;
  readonly measured: ReadonlySignal<Measured>;
}

const RADIUS_PX = 22;

/** Who is connected to whom, and what goes over our own connections now: as a drawing, and as a table. */
export function Topology({ session, measured }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const widthPx = useSignal(480);
  useEffect(() => {
    if (!place.current) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) widthPx.value = Math.max(240, Math.round(entry.contentRect.width));
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  const people = session.people.value;
  const rates = measured.value;
  const own = session.self.value?.name ?? 'you';
  const { heightPx, server, self, others } = layout(people.length, widthPx.value);
  const among = (people.length * (people.length - 1)) / 2;
  const isNarrow = widthPx.value < 440;
  const nodes = people.map((person, index) => ({ person, at: others[index] ?? self }));
  return (
    <div class="meet-topology">
      <p class="meet-note">
        Full mesh: everybody has a connection to everybody. {plural(people.length, 'connection')} of{' '}
        {people.length + among} are yours and measured here; the others are not seen from here.
      </p>
      <div ref={place} class="meet-drawing">
        <svg
          role="img"
          aria-label={`${plural(people.length + 1, 'participant')} in full mesh. The table below says the same.`}
          viewBox={`0 0 ${widthPx.value} ${heightPx}`}
          width={widthPx.value}
          height={heightPx}
        >
          <g class="meet-edges">
            {[self, ...others].map((at, index) => (
              <Edge key={`s${index}`} from={server} to={at} kind="signaling" />
            ))}
            {nodes.flatMap(({ person, at }, index) =>
              nodes
                .slice(index + 1)
                .map((other) => (
                  <Edge key={`${person.peer} ${other.person.peer}`} from={at} to={other.at} kind="unseen" />
                )),
            )}
            {nodes.map(({ person, at }) => (
              <Edge
                key={person.peer}
                from={self}
                to={at}
                kind={edgeKind(person)}
                path={rates.get(person.peer)?.path?.by}
              />
            ))}
          </g>
          <g class="meet-node" data-server>
            <rect x={server.x - 60} y={server.y - 16} width={120} height={32} rx={6} />
            <text x={server.x} y={server.y + 5}>
              signaling
            </text>
          </g>
          {nodes.map(({ person, at }) => (
            <Node
              key={person.peer}
              at={at}
              name={person.member.name}
              lines={linesOf(person, rates.get(person.peer), isNarrow)}
            />
          ))}
          <Node at={self} name={`${own} (you)`} lines={[]} isSelf />
        </svg>
      </div>
      <ul class="meet-legend" aria-label="Lines of the drawing">
        <li data-line="direct">direct</li>
        <li data-line="relay">over a relay</li>
        <li data-line="down">not up</li>
        <li data-line="unseen">not seen from here</li>
        <li data-line="signaling">signaling only, no media</li>
      </ul>
      <table class="meet-table">
        <caption>Connections of this meeting</caption>
        <thead>
          <tr>
            <th scope="col">Between</th>
            <th scope="col">State and path</th>
            <th scope="col">Up</th>
            <th scope="col">Down</th>
          </tr>
        </thead>
        <tbody>
          {people.map(({ peer, member, link }) => {
            const one = rates.get(peer);
            return (
              <tr key={peer}>
                <th scope="row">you and {member.name}</th>
                <td>
                  {stateWords(link?.state)}
                  {one?.path && `: ${pathWords(one)}`}
                </td>
                <td>{rateWords(one?.upstreamBps)}</td>
                <td>{rateWords(one?.downstreamBps)}</td>
              </tr>
            );
          })}
          {among > 0 && (
            <tr>
              <th scope="row">the others among themselves</th>
              <td colSpan={3}>{plural(among, 'connection')}, not seen from here</td>
            </tr>
          )}
          <tr>
            <th scope="row">you and the signaling server</th>
            <td colSpan={3}>{roomWords(session.room.value)}</td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function roomWords({ state }: RoomState): string {
  if (state === 'joined') return 'connected: descriptions, candidates and words of the room; no media';
  if (state === 'connecting') return 'not reached at the moment; media goes on without it';
  return 'not connected';
}

type EdgeKind = 'up' | 'down' | 'unseen' | 'signaling';

const edgeKind = ({ link }: Person): EdgeKind => (link?.state.is === 'connected' ? 'up' : 'down');

function Edge({
  from,
  to,
  kind,
  path,
}: {
  from: Point;
  to: Point;
  kind: EdgeKind;
  path?: string | undefined;
}) {
  return <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} data-edge={kind} data-path={path} />;
}

/** What stands below a name. The path is in the colour of the line and in the table. */
function linesOf({ link }: Person, rates: LinkRates | undefined, isNarrow: boolean): readonly string[] {
  if (link?.state.is !== 'connected') return [stateWords(link?.state)];
  if (!isNarrow) return [bothWays(rates), pathWords(rates)];
  return [`↑ ${rateWords(rates?.upstreamBps)}`, `↓ ${rateWords(rates?.downstreamBps)}`];
}

interface NodeProps {
  readonly at: Point;
  readonly name: string;
  /** Below the name. */
  readonly lines: readonly string[];
  readonly isSelf?: boolean;
}

/** Wide enough for most names at the size of the drawing's text. */
const NAME_LENGTH = 16;

function Node({ at: { x, y }, name, lines, isSelf = false }: NodeProps) {
  const shown = name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH - 1)}…` : name;
  return (
    <g class="meet-node" data-self={isSelf || undefined}>
      <circle cx={x} cy={y} r={RADIUS_PX} />
      <text x={x} y={y + 6} class="meet-initial">
        {String.fromCodePoint(name.codePointAt(0) ?? 0x20).toUpperCase()}
      </text>
      <text x={x} y={y + RADIUS_PX + 18} class="meet-node-name">
        {shown}
      </text>
      {lines.map((line, index) => (
        <text key={index} x={x} y={y + RADIUS_PX + 36 + 17 * index}>
          {line}
        </text>
      ))}
    </g>
  );
}
