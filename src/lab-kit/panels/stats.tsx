import { useSignal, useSignalEffect } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { InboundSample, OutboundSample } from '../../rtc/stats/sample.ts';
import type { PeerLabel } from '../../rtc/timeline.ts';
import { download } from '../download.ts';
import type { PanelProps } from '../view.ts';
import { Charts } from './charts.tsx';
import { allCharts, charts, choicesOf, type ChartId, type Choice } from './model/charts.ts';
import { toCsv } from './model/csv.ts';
import { endAt } from './model/fold.ts';
import { inBitrate, inMs } from './model/format.ts';
import { seriesFold } from './model/series.ts';
import { codecName, statsFold, streamFigures } from './model/stats.ts';
import { CopyButton, Empty, Segments } from './parts.tsx';
import { PairWords } from './pair.tsx';
import { PeerName } from './peer.tsx';
import './panel.css';
import './stats.css';

const isDefault = (id: ChartId): boolean => 'isDefault' in charts[id];

/** What each browser counts about the call, as rates: the latest numbers, and how they came about. */
export function StatsPanel({ view }: PanelProps) {
  const compute = useMemo(statsFold, []);
  const draw = useMemo(() => seriesFold(), []);
  const wanted = useSignal<PeerLabel | null>(null);
  const choice = useSignal<Choice>('all');
  const shown = useSignal<ReadonlySet<ChartId>>(new Set(allCharts.filter(isDefault)));
  const { list } = view.entries.value;
  const peers = compute(list, endAt(list, view.focus.value));
  // The charts show the whole run also while the other panels show an earlier moment: that is marked in them.
  const series = draw(list);
  const names = view.peers.value.filter((name) => series.peers.has(name));
  const peer = names.find((name) => name === wanted.value) ?? names[0];
  const own = peer === undefined ? undefined : series.peers.get(peer);

  useSignalEffect(() => {
    const target = view.target.value;
    if (target?.panel !== 'stats') return;
    wanted.value = target.peer;
    choice.value = target.mid === undefined ? 'all' : `mid ${target.mid}`;
  });

  const choices = own ? choicesOf(own) : [];
  const chosen = choices.find(([id]) => id === choice.value)?.[0] ?? 'all';
  if (chosen !== choice.peek() && own && own.sources.size > 1) choice.value = chosen;

  return (
    <div class="ps-panel ps-stats">
      {peers.size === 0 && (
        <Empty>
          While a connection is up, its counters are read once a second with getStats() and shown here as
          rates: bitrate, frames, loss, round trip.
        </Empty>
      )}
      {peer !== undefined && own && (
        <div class="ps-bar ps-chart-bar">
          {names.length > 1 && (
            <Segments
              label="Whose numbers and charts"
              options={names.map((name) => [name, name])}
              value={peer}
              onChange={(name) => (wanted.value = name)}
            />
          )}
          <label class="ps-select">
            <span>Show</span>
            <select
              value={chosen}
              // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the options are choices
              onChange={(event) => (choice.value = event.currentTarget.value as Choice)}
            >
              {choices.map(([id, words]) => (
                <option key={id} value={id}>
                  {words}
                </option>
              ))}
            </select>
          </label>
          <button
            type="button"
            class="ps-button"
            onClick={() =>
              download(new File([toCsv(list)], `${view.lab}-statistics.csv`, { type: 'text/csv' }))
            }
          >
            Save as CSV
          </button>
          <CopyButton label="Copy as CSV" text={() => toCsv(list)} />
        </div>
      )}
      {[...peers].map(([name, { last }]) => (
        <section key={name} class="ps-card ps-numbers-card" aria-label={`Statistics of ${name}`}>
          <p class="ps-card-title">
            <PeerName peers={view.peers.value} peer={name} />
            <span class="ps-sums">
              sends <strong>{inBitrate(sum(last.outbound))}</strong>, receives{' '}
              <strong>{inBitrate(sum(last.inbound))}</strong>
            </span>
            {last.candidatePair && (
              <span class="ps-pair">
                <PairWords {...last.candidatePair} />
                {roundTrip(last.candidatePair.currentRoundTripTimeMs)}
              </span>
            )}
          </p>
          {/* Of the others one line: the streams are those of the peer whose charts are shown. */}
          {name === (peer ?? name) && (
            <>
              {last.outbound.map((stream) => (
                <Stream key={`out-${stream.ssrc}`} way="sends" stream={stream} />
              ))}
              {last.inbound.map((stream) => (
                <Stream key={`in-${stream.ssrc}`} way="receives" stream={stream} />
              ))}
            </>
          )}
        </section>
      ))}
      {peer !== undefined && own && (
        <section class="ps-card" aria-label={`Charts of ${peer}`}>
          <Charts key={peer} {...{ view, series, peer, own, choice, shown }} />
        </section>
      )}
    </div>
  );
}

const sum = (streams: readonly { readonly bitrateBps?: number }[]): number =>
  streams.reduce((total, { bitrateBps = 0 }) => total + bitrateBps, 0);

const roundTrip = (ms: number | undefined): string => (ms === undefined ? '' : `, round trip ${inMs(ms)} ms`);

function Stream({ way, stream }: { way: 'sends' | 'receives'; stream: OutboundSample | InboundSample }) {
  return (
    <div class="ps-stream">
      <p>
        {way} {stream.kind} <code>{codecName(stream.codec)}</code>
      </p>
      <dl>
        {streamFigures(stream).map(({ name, value, title }) => (
          <div key={name} title={title}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
