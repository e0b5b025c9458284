import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { PeerLabel } from '../../rtc/timeline.ts';
import type { LabView, PanelProps } from '../view.ts';
import { AllocationTable } from './allocations.tsx';
import { allocationsFold } from './model/allocations.ts';
import { endAt, lastAtOrBefore } from './model/fold.ts';
import { inMs, plural } from './model/format.ts';
import { filterWire, wireFold, type WireRow } from './model/wire-messages.ts';
import { Empty } from './parts.tsx';
import { peerColour } from './peer.tsx';
import { VirtualList, type Row } from './virtual-list.tsx';
import './panel.css';
import './wire.css';

/** Pixels, until the style sheet has said how high a row is. */
const ROW = 34;

/** What explains the bytes is fetched when there are bytes to explain. */
const loadMessage = () => import('./wire-message.tsx');
type MessageModule = Awaited<ReturnType<typeof loadMessage>>;

/**
 * The wire at the STUN/TURN server: what it holds for the peers, each message that it got and sent, and of the chosen
 * one every byte beside what it says.
 */
export function WirePanel({ view }: PanelProps) {
  const compute = useMemo(wireFold, []);
  const allocations = useMemo(allocationsFold, []);
  const peer = useSignal<PeerLabel | null>(null);
  const method = useSignal<string | null>(null);
  const onlyErrors = useSignal(false);
  const module = useSignal<MessageModule | null>(null);
  const { version, list } = view.entries.value;
  const focus = view.focus.value;
  const peers = view.peers.value;
  const wire = compute(list);
  const filter = { peer: peer.value, method: method.value, onlyErrors: onlyErrors.value };
  const rows = useMemo(
    () => filterWire(wire.rows, filter),
    [wire, version, filter.peer, filter.method, filter.onlyErrors],
  );
  const chosen = focus === null ? -1 : lastAtOrBefore(rows, focus, ({ entry }) => entry.seq);
  const row = rows[chosen];
  const hasRows = wire.rows.length > 0;
  useEffect(() => {
    if (hasRows && !module.value) void loadMessage().then((loaded) => (module.value = loaded));
  }, [hasRows]);
  const Message = module.value?.WireMessage;
  const show = (seq: number) => {
    [peer.value, method.value, onlyErrors.value] = [null, null, false];
    view.focus.value = seq;
  };

  return (
    <div class="ps-panel ps-wire">
      <AllocationTable state={allocations(list, endAt(list, focus))} nowMs={useNow(view)} {...{ peers }} />
      {hasRows ? (
        <>
          <div class="ps-bar">
            <Choice
              label="Peer"
              value={peer.value}
              of={[...wire.peers]}
              onChange={(to) => (peer.value = to)}
            />
            <Choice
              label="Method"
              value={method.value}
              of={[...wire.methods]}
              onChange={(to) => (method.value = to)}
            />
            <label class="ps-check">
              <input
                type="checkbox"
                checked={onlyErrors.value}
                onChange={(event) => (onlyErrors.value = event.currentTarget.checked)}
              />
              only errors <span class="ps-count">{wire.errors}</span>
            </label>
            <span class="ps-wire-count">{plural(rows.length, 'message')}</span>
          </div>
          {rows.length === 0 ? (
            <Empty>The filter above lets nothing through.</Empty>
          ) : (
            <VirtualList
              label="Messages on the wire"
              count={rows.length}
              rowHeight={ROW}
              chosen={chosen < 0 ? null : chosen}
              onChoose={(index) =>
                (view.focus.value = index === null ? null : (rows[index]?.entry.seq ?? null))
              }
              row={(index) => drawRow(rows[index]!, peers, focus)}
            />
          )}
          {row && Message ? (
            <Message key={row.entry.seq} {...{ row, peers, show }} />
          ) : (
            <p class="ps-details ps-hint">
              <span class="ps-keys">
                <kbd>↑</kbd> <kbd>↓</kbd> choose a message: its bytes and its fields stand here, side by side.
              </span>
              <span class="ps-touch">Tap a message: its bytes and its fields stand here.</span>
            </p>
          )}
        </>
      ) : (
        <Empty>
          A browser that is given a STUN or TURN server asks it for addresses, and both speak STUN: messages
          of 20 bytes and a little more. Each one that the server of this page gets and sends for this run
          shows here, byte by byte. The first comes some milliseconds after the local description is set, if
          the lab uses the server.
        </Empty>
      )}
    </div>
  );
}

/** The moment that is shown, by the clock of the run. Goes on by itself while the run does. Milliseconds. */
function useNow(view: LabView): number {
  const ticks = useSignal(0);
  const { list } = view.entries.value;
  const focus = view.focus.value;
  const bench = view.bench.value;
  const isLive = focus === null && bench !== null && !bench.signal.aborted && view.state.value === 'running';
  useSignalEffect(() => {
    if (view.state.value !== 'running') return undefined;
    const timer = setInterval(() => ticks.value++, 1000);
    return () => clearInterval(timer);
  });
  void ticks.value; // drawn anew when it changes
  if (isLive) return bench.timeline.nowMs;
  return (focus === null ? list.at(-1) : list[endAt(list, focus) - 1])?.atMs ?? 0;
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | null;
  readonly of: readonly string[];
  readonly onChange: (value: string | null) => void;
}

function Choice({ label, value, of, onChange }: ChoiceProps) {
  return (
    <label class="ps-select">
      <span>{label}</span>
      <select value={value ?? ''} onChange={(event) => onChange(event.currentTarget.value || null)}>
        <option value="">all</option>
        {of.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

function drawRow(row: WireRow, peers: readonly PeerLabel[], focus: number | null): Row {
  const { entry, title, isError, tookMs, repeats } = row;
  const [from, to] = ends(row);
  const took = tookMs === undefined ? '' : `after ${inMs(tookMs)} ms`;
  const again = repeats > 0 ? `sent again, ${repeats}` : '';
  return {
    key: entry.seq,
    label: [`${from} to ${to}: ${title}`, took, again, `at ${inMs(entry.atMs)} milliseconds`]
      .filter(Boolean)
      .join(', '),
    class: `ps-wire-row${focus !== null && entry.seq > focus ? ' ps-future' : ''}`,
    style: { '--peer': peerColour(peers, entry.peer) },
    children: (
      <>
        <span class="ps-time">{inMs(entry.atMs)}</span>
        <span class="ps-wire-way">
          {from} → {to}
        </span>
        <span class="ps-wire-title" data-tone={isError ? 'bad' : undefined}>
          {title}
        </span>
        <small class="ps-wire-note">{again || took}</small>
      </>
    ),
  };
}

/** Who sent it to whom, in the words of the run. */
function ends({ entry: { peer, at, way } }: WireRow): readonly [from: string, to: string] {
  if (way === 'passed') return [peer, `by ${at}`];
  return way === 'received' ? [peer, at] : [at, peer];
}
