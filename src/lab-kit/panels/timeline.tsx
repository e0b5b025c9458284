import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { toText } from '../../rtc/recording/save.ts';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';
import type { PanelProps } from '../view.ts';
import { EntryDetails } from './entry-details.tsx';
import { describeEntry, allGroups, groupOf, groups, type Group } from './model/describe.ts';
import { lastAtOrBefore } from './model/fold.ts';
import { inMs } from './model/format.ts';
import { groupCounts, rowsFold } from './model/rows.ts';
import { CopyButton, Empty } from './parts.tsx';
import { peerColour } from './peer.tsx';
import { VirtualList, type Row } from './virtual-list.tsx';
import './panel.css';
import './timeline.css';

/** Pixels. */
const ROW = 30;

/** Everything that was recorded, one row an entry. */
export function TimelinePanel({ view }: PanelProps) {
  const peer = useSignal<PeerLabel | null>(null);
  const hidden = useSignal<ReadonlySet<Group>>(new Set(['stats']));
  const open = useSignal(false);
  const compute = useMemo(
    () => rowsFold({ peer: peer.value, hidden: hidden.value }),
    [peer.value, hidden.value],
  );
  const count = useMemo(groupCounts, []);
  const { list } = view.entries.value;
  const peers = view.peers.value;
  const focus = view.focus.value;
  const rows = compute(list);
  const counts = count(list);
  const chosen = focus === null ? -1 : lastAtOrBefore(rows, focus, ({ seq }) => seq);

  const toggle = (group: Group) => {
    const next = new Set(hidden.value);
    if (!next.delete(group)) next.add(group);
    hidden.value = next;
  };

  return (
    <div class="ps-panel ps-timeline">
      <div class="ps-bar">
        <label class="ps-select">
          <span>Peer</span>
          <select
            value={peer.value ?? ''}
            onChange={(event) => (peer.value = event.currentTarget.value || null)}
          >
            <option value="">all</option>
            {[...peers, 'lab'].map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <fieldset class="ps-toggles" data-filter>
          <legend class="ps-hidden">Kinds of entries</legend>
          {allGroups.map((group) => (
            <button
              key={group}
              type="button"
              aria-pressed={!hidden.value.has(group)}
              onClick={() => toggle(group)}
            >
              {groups[group]} <span class="ps-count">{counts.get(group) ?? 0}</span>
            </button>
          ))}
        </fieldset>
        <CopyButton label="Copy as JSON" text={() => toText(view.record())} />
      </div>
      {rows.length === 0 ? (
        <Empty>
          {list.length === 0
            ? 'Every call, event, message and state of a run gets a row here, from the first millisecond on.'
            : 'The filter above lets nothing through.'}
        </Empty>
      ) : (
        <VirtualList
          label="Timeline"
          count={rows.length}
          rowHeight={ROW}
          chosen={chosen < 0 ? null : chosen}
          onChoose={(index) => (view.focus.value = index === null ? null : (rows[index]?.seq ?? null))}
          onOpen={() => (open.value = !open.value)}
          row={(index) => drawRow(rows[index]!, peers, focus)}
        />
      )}
      <EntryDetails entry={rows[chosen]} peers={peers} open={open} />
    </div>
  );
}

function drawRow(entry: Entry, peers: readonly PeerLabel[], focus: number | null): Row {
  const { title, tone } = describeEntry(entry);
  return {
    key: entry.seq,
    label: `${entry.peer}, ${entry.kind}: ${title}, at ${inMs(entry.atMs)} milliseconds`,
    class: `ps-timeline-row${focus !== null && entry.seq > focus ? ' ps-future' : ''}`,
    style: { '--peer': peerColour(peers, entry.peer) },
    children: (
      <>
        <span class="ps-time">{inMs(entry.atMs)}</span>
        <span class="ps-who">{entry.peer}</span>
        <span class="ps-kind" data-group={groupOf(entry)}>
          {entry.kind}
        </span>
        <span class="ps-text" data-tone={tone}>
          {title}
        </span>
      </>
    ),
  };
}
