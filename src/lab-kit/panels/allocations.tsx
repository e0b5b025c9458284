import type { PeerLabel } from '../../rtc/timeline.ts';
import type { Traffic } from '../../rtc/stun/allocation.ts';
import { inBytes, leftWords, type AllocationRow, type Allocations } from './model/allocations.ts';
import { inBitrate, plural } from './model/format.ts';
import { PeerName } from './peer.tsx';

interface Props {
  readonly state: Allocations;
  /** By the clock of the run, milliseconds. */
  readonly nowMs: number;
  readonly peers: readonly PeerLabel[];
}

/** What the TURN server holds for the peers of this run. */
export function AllocationTable({ state: { rows, gone, known }, nowMs, peers }: Props) {
  if (!known) return null;
  return (
    <details class="ps-allocations" open>
      <summary aria-live="polite">
        <strong>{plural(rows.length, 'allocation')}</strong> at the TURN server
        {gone > 0 && <span>, {gone} gone</span>}
      </summary>
      {rows.length === 0 && (
        <p class="ps-none">
          The server holds nothing for this run. An allocation is made by an Allocate request, and goes when
          its lifetime is over or the client refreshes it with zero.
        </p>
      )}
      {rows.map((row) => (
        <Allocation key={`${row.sample.client} ${row.sample.relayed}`} {...{ row, nowMs, peers }} />
      ))}
    </details>
  );
}

function Allocation({ row, nowMs, peers }: { row: AllocationRow } & Omit<Props, 'state'>) {
  const { sample, atMs, upBps, downBps } = row;
  const agoMs = Math.max(0, nowMs - atMs);
  const { permissions, channels, dropped } = sample;
  return (
    <div class="ps-allocation">
      <p class="ps-allocation-ends">
        <PeerName peers={peers} peer={sample.peer} />{' '}
        <span>
          <code>{sample.client}</code> <small>over {sample.transport.toUpperCase()}</small>
        </span>{' '}
        <span aria-hidden="true">⇄</span>{' '}
        <span>
          <small>relayed as</small> <code data-type="relay">{sample.relayed}</code>
        </span>
        <span class="ps-allocation-left">
          lifetime <strong>{leftWords(sample.lifetimeLeftMs, agoMs)}</strong>
        </span>
      </p>
      <dl>
        <div>
          <dt>Permissions</dt>
          <dd>
            {permissions.length === 0 && <span class="ps-none">none: nobody’s packets are let in</span>}
            {permissions.map(({ address, leftMs }) => (
              <span key={address} class="ps-allocation-item">
                <code>{address}</code> <small>{leftWords(leftMs, agoMs)}</small>
              </span>
            ))}
          </dd>
        </div>
        <div>
          <dt>Channels</dt>
          <dd>
            {channels.length === 0 && (
              <span class="ps-none">none: data crosses in Send and Data indications</span>
            )}
            {channels.map(({ number, peer, leftMs }) => (
              <span key={number} class="ps-allocation-item">
                <code>0x{number.toString(16)}</code> = <code>{peer}</code>{' '}
                <small>{leftWords(leftMs, agoMs)}</small>
              </span>
            ))}
          </dd>
        </div>
        <div>
          <dt>From {sample.peer}</dt>
          <dd>
            <Relayed all={sample.fromClient} asChannelData={sample.channelDataFromClient} bps={upBps} />
          </dd>
        </div>
        <div>
          <dt>To {sample.peer}</dt>
          <dd>
            <Relayed all={sample.toClient} asChannelData={sample.channelDataToClient} bps={downBps} />
            {dropped > 0 && <span data-tone="bad"> {plural(dropped, 'packet')} not relayed</span>}
          </dd>
        </div>
      </dl>
    </div>
  );
}

function Relayed({
  all,
  asChannelData,
  bps,
}: {
  all: Traffic;
  asChannelData: Traffic;
  bps: number | undefined;
}) {
  return (
    <span class="ps-relayed">
      <span>
        {plural(all.packets, 'packet')}, {inBytes(all.bytes)}
      </span>
      {bps !== undefined && <span> · {inBitrate(bps)}</span>}
      {asChannelData.packets > 0 && <small> {asChannelData.packets} as ChannelData</small>}
    </span>
  );
}
