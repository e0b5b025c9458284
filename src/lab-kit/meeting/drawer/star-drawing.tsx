import type { ReadonlySignal } from '@preact/signals';
import type { MiddleboxKind } from '../../../protocol/middlebox.ts';
import type { PeerId } from '../../../protocol/signaling.ts';
import type { Measured } from '../../../rtc/meeting/meter.ts';
import type { Path } from '../../../rtc/meeting/path.ts';
import { plural } from '../../panels/model/format.ts';
import type { Point } from './drawing.ts';
import { ratesOf, type ServerRates } from './forwarding.ts';
import { useTable } from './forward-table.tsx';
import type { Inspected } from './measured.ts';
import { Node } from './node.tsx';
import { beside, star } from './star.ts';
import { useWidth } from './use-width.ts';
import { rateWords, stateWords } from './words.ts';

interface Props {
  readonly session: Inspected;
  readonly measured: ReadonlySignal<Measured>;
  readonly kind: MiddleboxKind;
}

const RADIUS_PX = 22;
const BOX = { width: 96, height: 52 };
/** With more of them the figures would stand in each other's way: they are in the table. */
const MOST_WITH_FIGURES = 10;

const lead: Readonly<Record<MiddleboxKind, string>> = {
  sfu: 'A star: everybody has two connections to the SFU, one up and one down. It forwards packets without decoding them.',
  mcu: 'A star: everybody has two connections to the mixer, one up and one down. It decodes what all send, and encodes one picture for all and a sound for each.',
};

/** Who sends how much to the server and is sent how much by it, now: as a drawing, and as a table. */
export function StarDrawing({ session, measured, kind }: Props) {
  useTable(session);
  const [place, widthPx] = useWidth();
  const table = session.table.value;
  const told: ReadonlyMap<PeerId, ServerRates> = table ? ratesOf(table) : new Map();
  const people = session.people.value;
  const self = session.self.value;
  const { heightPx, server, self: below, others } = star(people.length, widthPx.value);
  const own: ServerRates = {
    ...rateOf('upstreamBps', measured.value.get('up')?.upstreamBps),
    ...rateOf('downstreamBps', measured.value.get('down')?.downstreamBps),
  };
  const all = [
    ...people.map(({ peer, member }, index) => ({
      key: String(peer),
      name: member.name,
      at: others[index] ?? below,
      rates: told.get(peer),
      isSelf: false,
    })),
    { key: 'self', name: `${self?.name ?? 'you'} (you)`, at: below, rates: own, isSelf: true },
  ];
  const pathOf = (leg: 'up' | 'down') => measured.value.get(leg)?.path?.by;
  const hasFigures = all.length <= MOST_WITH_FIGURES;
  const name = kind === 'sfu' ? 'SFU' : 'MCU';
  return (
    <div class="meet-topology">
      <p class="meet-note">
        {lead[kind]} Yours are measured here, those of the others by the server. It holds the keys of all of
        them, and so could see and hear everything.
      </p>
      <div ref={place} class="meet-drawing">
        <svg
          role="img"
          aria-label={`${plural(all.length, 'participant')} around one ${name}. The table below says the same.`}
          viewBox={`0 0 ${widthPx.value} ${heightPx}`}
          width={widthPx.value}
          height={heightPx}
        >
          <g class="meet-edges">
            {all.map(({ key, at, rates, isSelf }) => (
              <g key={key}>
                <Arrow
                  from={at}
                  to={server}
                  bps={rates?.upstreamBps}
                  leg="up"
                  path={isSelf ? pathOf('up') : undefined}
                />
                <Arrow
                  from={server}
                  to={at}
                  bps={rates?.downstreamBps}
                  leg="down"
                  path={isSelf ? pathOf('down') : undefined}
                />
              </g>
            ))}
          </g>
          <g class="meet-node" data-server>
            <rect
              x={server.x - BOX.width / 2}
              y={server.y - BOX.height / 2}
              width={BOX.width}
              height={BOX.height}
              rx={6}
            />
            <text x={server.x} y={server.y - 3} class="meet-node-name">
              {name}
            </text>
            <text x={server.x} y={server.y + 15}>
              {kind === 'sfu' ? 'forwards' : 'mixes'}
            </text>
          </g>
          {all.map(({ key, name: label, at, rates, isSelf }) => (
            <Node
              key={key}
              at={at}
              name={label}
              lines={
                hasFigures
                  ? [`↑ ${rateWords(rates?.upstreamBps)}`, `↓ ${rateWords(rates?.downstreamBps)}`]
                  : []
              }
              isSelf={isSelf}
            />
          ))}
        </svg>
      </div>
      <ul class="meet-legend" aria-label="Lines of the drawing">
        <li data-line="direct">yours, direct</li>
        <li data-line="relay">yours, over a relay</li>
        <li data-line="told">told by the server</li>
        <li data-line="unseen">nothing at the moment</li>
      </ul>
      <table class="meet-table">
        <caption>Connections to the {name}</caption>
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Up</th>
            <th scope="col">Down</th>
            <th scope="col">Their line holds</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">you, measured here</th>
            <td>{rateWords(own.upstreamBps)}</td>
            <td>{rateWords(own.downstreamBps)}</td>
            <td>{estimate(self && told.get(self.peer))}</td>
          </tr>
          {people.map(({ peer, member }) => {
            const rates = told.get(peer);
            return (
              <tr key={peer}>
                <th scope="row">{member.name}</th>
                <td>{rateWords(rates?.upstreamBps)}</td>
                <td>{rateWords(rates?.downstreamBps)}</td>
                <td>{estimate(rates)}</td>
              </tr>
            );
          })}
          {session.servers.value.map(({ leg, state }) => (
            <tr key={leg}>
              <th scope="row">your connection {leg}</th>
              <td colSpan={3}>{stateWords(state)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const rateOf = <N extends string>(name: N, value: number | undefined) =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a computed key is a string to the compiler
  (value === undefined ? {} : { [name]: value }) as { [K in N]?: number };

/** What a participant's browser says that its line holds. */
const estimate = (rates: ServerRates | null | undefined): string =>
  rates?.estimateBps === undefined ? 'not told' : rateWords(rates.estimateBps);

interface ArrowProps {
  readonly from: Point;
  readonly to: Point;
  readonly bps: number | undefined;
  readonly leg: 'up' | 'down';
  /** Of our own connection. */
  readonly path: Path['by'] | undefined;
}

const HEAD_PX = 9;

function Arrow({ from, to, bps, leg, path }: ArrowProps) {
  const node = leg === 'up' ? from : to;
  const isBox = (point: Point) => point !== node;
  const clear = (point: Point) => (isBox(point) ? BOX.height / 2 + 12 : RADIUS_PX + 4);
  const [a, b] = beside(from, to, { offsetPx: 7, fromPx: clear(from), toPx: clear(to) });
  const turn = Math.atan2(b.y - a.y, b.x - a.x);
  const corner = (side: number) =>
    `${b.x - HEAD_PX * Math.cos(turn + side)},${b.y - HEAD_PX * Math.sin(turn + side)}`;
  const isOn = bps !== undefined && bps > 0;
  return (
    <g data-leg={leg} data-on={isOn || undefined} data-path={path}>
      <line x1={a.x} y1={a.y} x2={b.x} y2={b.y} />
      <polygon points={`${b.x},${b.y} ${corner(0.45)} ${corner(-0.45)}`} />
    </g>
  );
}
