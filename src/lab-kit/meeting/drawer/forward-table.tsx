import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ForwardTable as Table } from '../../../protocol/middlebox.ts';
import type { PeerId } from '../../../protocol/signaling.ts';
import { inBitrate, inPercent, plural } from '../../panels/model/format.ts';
import {
  columns,
  receiversOf,
  rowsOf,
  sorted,
  totalsOf,
  whyOf,
  type Column,
  type ForwardRow,
  type Order,
} from './forwarding.ts';
import { nameIn, type Inspected } from './measured.ts';

/** Kept from one opening to the next. */
const order = signal<Order>({ by: 'to', isDown: false });
/** More are a list that nobody reads, and thousands of rows a second to draw. */
const MOST_ROWS = 120;

const columnWords: Readonly<Record<Column, string>> = {
  from: 'From',
  to: 'To',
  layer: 'Layer',
  rate: 'Rate',
  packets: 'Packets in → out',
  why: 'Why',
};

/** Asks the server for its table as long as the component is there. */
export function useTable(session: Inspected): void {
  const { topology } = session;
  useEffect(() => session.watch(), [session, topology.value]);
}

/** Who is sent what, which layer, how much, and why: told by the server once a second. */
export function ForwardTable({ session }: { readonly session: Inspected }) {
  useTable(session);
  const to = useSignal<PeerId | null>(null);
  const topology = session.topology.value;
  if (topology === 'mesh')
    return (
      <p class="meet-drawer-empty">
        In a mesh nobody forwards: each page sends to each other page. With an SFU this is its table: who is
        sent which layer of whose picture, how much of it, and why. The host changes it in the toolbar, under
        Topology.
      </p>
    );
  const table = session.table.value;
  if (!table)
    return (
      <p class="meet-drawer-empty" role="status">
        The server is asked for its table …
      </p>
    );
  const nameOf = nameIn(session);
  const every = rowsOf(table, nameOf);
  const all = every.filter(({ reason, packetsOut }) => reason !== 'off' || packetsOut > 0);
  const chosen = all.some((row) => row.to === to.value) ? to.value : null;
  const rows = sorted(
    all.filter((row) => chosen === null || row.to === chosen),
    order.value,
  );
  const receivers = [...new Map(all.map((row) => [row.to, row.toName]))].toSorted(([, a], [, b]) =>
    a.localeCompare(b),
  );
  return (
    <div class="meet-forwarding">
      <Summary table={table} isMixer={topology === 'mcu'} />
      <label class="meet-filter">
        <span>What is sent to</span>
        <select
          class="lab-button"
          value={chosen ?? ''}
          onChange={({ currentTarget }) => {
            to.value = receivers.find(([peer]) => peer === currentTarget.value)?.[0] ?? null;
          }}
        >
          <option value="">everybody</option>
          {receivers.map(([peer, name]) => (
            <option key={peer} value={peer}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <table class="meet-table meet-forwards">
        <caption>{topology === 'mcu' ? 'What the mixer sends' : 'What the SFU forwards'}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row) => (
            <Row key={row.key} row={row} />
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p class="meet-note">Nothing yet: nobody sends, or nobody else is here.</p>}
      {every.length > all.length && (
        <p class="meet-note">Screens, cameras and microphones that were never on are not listed.</p>
      )}
      {rows.length > MOST_ROWS && (
        <p class="meet-note">
          And {rows.length - MOST_ROWS} more: choose one receiver to see all that is sent there.
        </p>
      )}
      <Inputs table={table} nameOf={nameOf} />
    </div>
  );
}

/** What goes in and out, and what it costs the server. */
function Summary({ table, isMixer }: { readonly table: Table; readonly isMixer: boolean }) {
  const { inBps, outBps } = totalsOf(table);
  const { engine, processor, picture } = table;
  const lag =
    picture && picture.framesPerSec < picture.wantedFramesPerSec - 1
      ? ` instead of ${Math.round(picture.wantedFramesPerSec)}, because its machine does not keep up`
      : '';
  return (
    <>
      <dl class="meet-figures">
        <div>
          <dt>Into the server</dt>
          <dd>{inBitrate(inBps)}</dd>
        </div>
        <div>
          <dt>Out of it</dt>
          <dd>{inBitrate(outBps)}</dd>
        </div>
        <div>
          <dt>Its processor</dt>
          <dd>{processor === null ? 'not told' : inPercent(processor)}</dd>
        </div>
      </dl>
      <p class="meet-note">
        Counted by the server in the last second ({engine}; 100 % is one core).{' '}
        {isMixer
          ? 'It decodes what everybody sends, and encodes one picture for all and a sound for each. It holds the keys of all connections.'
          : 'It forwards packets without decoding them, and holds the keys of all connections.'}
        {picture &&
          ` The picture is ${picture.width} × ${picture.height} with ${Math.round(picture.framesPerSec)} frames a second${lag}.`}
      </p>
    </>
  );
}

function Head({ column }: { readonly column: Column }) {
  const { by, isDown } = order.value;
  const isBy = by === column;
  // Numbers begin with the largest, names with the first.
  const startsDown = column === 'rate' || column === 'packets' || column === 'layer';
  return (
    <th scope="col" data-column={column} aria-sort={isBy ? (isDown ? 'descending' : 'ascending') : 'none'}>
      <button
        type="button"
        onClick={() => (order.value = { by: column, isDown: isBy ? !isDown : startsDown })}
      >
        {columnWords[column]}
        <span aria-hidden="true">{isBy ? (isDown ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
}

function Row({ row }: { readonly row: ForwardRow }) {
  const why = whyOf(row);
  const { from, rid, target, size, source, forwarding, packetsIn, packetsOut, repeated } = row;
  return (
    <tr data-forwarding={forwarding} data-from={from ?? 'mix'} data-to={row.to}>
      <td data-column="from">{row.fromName}</td>
      <td data-column="to">
        <span class="meet-arrow" aria-hidden="true">
          →{' '}
        </span>
        {row.toName}
      </td>
      <td data-column="layer">
        {source}
        {rid !== null && (
          <>
            {' '}
            <b class="meet-rid">{rid}</b>
          </>
        )}
        {target !== null && ` → ${target}`}
        {size && <small>{size}</small>}
      </td>
      <td data-column="rate">{forwarding ? inBitrate(row.bitsPerSec) : 'nothing'}</td>
      <td data-column="packets">
        {packetsIn === null ? '—' : counted(packetsIn)} → {counted(packetsOut)}
        {repeated > 0 && <small>{counted(repeated)} repeated</small>}
      </td>
      <td data-column="why">
        {why.text} {why.lesson && <a href={why.lesson}>Lesson</a>}
      </td>
    </tr>
  );
}

const counted = (count: number): string => count.toString().replace(/\B(?=(\d{3})+$)/g, '\u202f');

/** What comes in, each layer by itself. */
function Inputs({
  table: { inputs, outputs },
  nameOf,
}: {
  readonly table: Table;
  readonly nameOf: (peer: PeerId) => string;
}) {
  if (inputs.length === 0) return null;
  return (
    <table class="meet-table">
      <caption>What comes in</caption>
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col">Layer</th>
          <th scope="col">Rate</th>
          <th scope="col">Lost</th>
          <th scope="col">Goes to</th>
        </tr>
      </thead>
      <tbody>
        {inputs.slice(0, MOST_ROWS).map((input) => {
          const { peer, source, rid, codec, width, height, level, keyFrameRequests } = input;
          return (
            <tr key={`${peer} ${source} ${rid}`}>
              <th scope="row">{nameOf(peer)}</th>
              <td>
                {source}
                {rid !== null && (
                  <>
                    {' '}
                    <b class="meet-rid">{rid}</b>
                  </>
                )}
                <small>
                  {[
                    codec,
                    width && height && `${width} × ${height}`,
                    level !== null && `${Math.round(level)} dBov`,
                    keyFrameRequests ? `${plural(keyFrameRequests, 'key frame')} asked for` : null,
                  ]
                    .filter(Boolean)
                    .join(', ')}
                </small>
              </td>
              <td>{inBitrate(input.bitsPerSec)}</td>
              <td>{counted(input.lost)}</td>
              <td>{receiversOf(outputs, input)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
