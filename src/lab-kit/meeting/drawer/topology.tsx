import type { ReadonlySignal } from '@preact/signals';
import type { LinkRates } from '../../../rtc/meeting/rates.ts';
import type { Measured } from '../../../rtc/meeting/meter.ts';
import type { RoomState } from '../../../rtc/signaling/room-client.ts';
import { plural } from '../../panels/model/format.ts';
import type { Person } from '../session.ts';
import { layout, type Point } from './drawing.ts';
import type { Inspected } from './measured.ts';
import { Node } from './node.tsx';
import { StarDrawing } from './star-drawing.tsx';
import { useWidth } from './use-width.ts';
import { bothWays, pathWords, rateWords, stateWords } from './words.ts';

interface Props {
  readonly session: Inspected;
  readonly measured: ReadonlySignal<Measured>;
}

/** Who is connected to whom, and what goes over the connections now: as a drawing, and as a table. */
export function Topology({ session, measured }: Props) {
  const kind = session.topology.value;
  return kind === 'mesh' ? (
    <MeshDrawing session={session} measured={measured} />
  ) : (
    <StarDrawing session={session} measured={measured} kind={kind} />
  );
}

function MeshDrawing({ session, measured }: Props) {
  const [place, widthPx] = useWidth();
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
