import { useMemo } from 'preact/hooks';
import { CountedPicture, WideTable } from '../../lab-kit/panels/counted.tsx';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { Segments } from '../../lab-kit/panels/parts.tsx';
import { PeerName, peerColour } from '../../lab-kit/panels/peer.tsx';
import { useShown } from '../../lab-kit/panels/shown.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import type { ForwardOutput, ForwardTable, LayerReason } from '../../protocol/middlebox.ts';
import { costOf, endsFold } from '../full-mesh/cost.ts';
import { personOf } from '../full-mesh/people.ts';
import { deskOf, everyViewer, type Desk, type Tile } from './desk.ts';
import '../../lab-kit/panels/panel.css';
import '../../lab-kit/ends.css';

const names = ['alice', ...everyViewer];
const sizes = [
  ['large', 'large'],
  ['medium', 'medium'],
  ['small', 'small'],
  ['away', 'not on the page'],
] as const;

/** The viewers with the size of their tiles, and what the server does about it. */
export function SfuPanel({ view }: PanelProps) {
  const compute = useMemo(endsFold, []);
  const { list } = view.entries.value;
  const ends = compute(list, endAt(list, view.focus.value));
  const bench = view.bench.value;
  const desk = bench ? deskOf(bench) : undefined;
  const shown = useShown(bench).filter(({ side }) => side === 'remote');
  const viewers = desk?.viewers.value ?? [];
  const alice = costOf(ends).find(({ person }) => person === 'alice');
  return (
    <section class="ps-panel ends sfu" aria-label="The forwarding server">
      {viewers.length === 0 && (
        <p class="ps-empty">Start the call: alice sends to the server, and the viewers come.</p>
      )}
      <ul class="counted-pictures" aria-label="The viewers">
        {viewers.map((viewer) => (
          <li key={viewer} style={{ '--peer': peerColour(names, viewer) }}>
            <PeerName peers={names} peer={viewer} />
            <CountedPicture
              label={`what ${viewer} sees`}
              bench={bench}
              stream={
                shown.findLast(({ peer, stream }) => personOf(peer) === viewer && hasPicture(stream))?.stream
              }
            />
            <TileSize desk={desk} viewer={viewer} />
          </li>
        ))}
      </ul>
      <p class="ends-verdict" role="status">
        {verdictOf(alice?.upBps ?? 0, viewers.length)}
      </p>
      <Inputs table={desk?.table.value} />
      <Outputs desk={desk} />
    </section>
  );
}

const hasPicture = (stream: MediaStream): boolean => stream.getVideoTracks().length > 0;

function TileSize({ desk, viewer }: { desk: Desk | undefined; viewer: string }) {
  const value = desk?.chosen.value.get(viewer) ?? 'small';
  return (
    <Segments
      label={`How ${viewer} shows alice`}
      options={sizes}
      value={value}
      onChange={(tile: Tile) => desk?.choose(viewer, tile)}
    />
  );
}

function verdictOf(upBps: number, viewers: number): string {
  if (viewers === 0 || upBps === 0) return 'The upload of alice is counted as soon as she sends.';
  return `alice sends ${kbits(upBps)} for ${viewers} ${viewers === 1 ? 'viewer' : 'viewers'}. It would be the same for more.`;
}

/** What comes in: each encoding of each source. */
function Inputs({ table }: { table: ForwardTable | undefined }) {
  return (
    <WideTable label="What comes in">
      <thead>
        <tr>
          <th scope="col">In</th>
          <th scope="col">Encoding</th>
          <th scope="col">Size</th>
          <th scope="col">Rate</th>
          <th scope="col">Packets</th>
        </tr>
      </thead>
      <tbody>
        {(table?.inputs ?? []).map(({ source, rid, codec, width, height, bitsPerSec, packets }) => (
          <tr key={`${source} ${rid ?? ''}`} data-in={`${source}${rid ? `-${rid}` : ''}`}>
            <th scope="row">{source}</th>
            <td>{[codec, rid].filter(Boolean).join(', ')}</td>
            <td>{width && height ? `${width} × ${height}` : '–'}</td>
            <td>{kbits(bitsPerSec)}</td>
            <td>{packets.toLocaleString('en')}</td>
          </tr>
        ))}
      </tbody>
    </WideTable>
  );
}

/** What goes out: to whom, which encoding, and why that one. */
function Outputs({ desk }: { desk: Desk | undefined }) {
  const outputs = desk?.table.value?.outputs ?? [];
  return (
    <WideTable label="What goes out">
      <thead>
        <tr>
          <th scope="col">Out to</th>
          <th scope="col">What</th>
          <th scope="col">Encoding</th>
          <th scope="col">Why</th>
          <th scope="col">Rate</th>
        </tr>
      </thead>
      <tbody>
        {outputs.map((output) => {
          const to = desk?.nameOf(output.to) ?? '';
          return (
            <tr
              key={`${to} ${output.source}`}
              data-out={`${to}-${output.source}`}
              data-forwarding={output.forwarding}
            >
              <th scope="row">
                <PeerName peers={names} peer={to} />
              </th>
              <td>{output.source}</td>
              <td data-is="rid">{encodingOf(output)}</td>
              <td data-is="why">{output.reason ? reasons[output.reason] : 'as wanted'}</td>
              <td>{kbits(output.bitsPerSec)}</td>
            </tr>
          );
        })}
      </tbody>
    </WideTable>
  );
}

function encodingOf({ forwarding, rid, target }: ForwardOutput): string {
  if (!forwarding) return 'none';
  if (rid === null) return 'the only one';
  return target !== null && target !== rid ? `${rid}, then ${target}` : rid;
}

const reasons: Readonly<Record<LayerReason, string>> = {
  tile: 'the tile is no larger',
  bandwidth: 'the line has no room for more',
  'not-sent': 'alice sends no more',
  'not-shown': 'nobody shows it',
  'not-loud': 'others are louder',
  off: 'turned off',
  'key-frame': 'waits for a key frame',
};

const kbits = (bps: number): string =>
  bps === 0 ? '–' : `${Math.round(bps / 1000).toLocaleString('en')} kbit/s`;
