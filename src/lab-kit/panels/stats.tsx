import { useMemo } from 'preact/hooks';
import type { InboundSample, OutboundSample } from '../../rtc/stats/sample.ts';
import type { PanelProps } from '../view.ts';
import { endAt } from './model/fold.ts';
import { inBitrate, inMs } from './model/format.ts';
import { codecName, HISTORY, sparkline, statsFold, streamFigures } from './model/stats.ts';
import { Empty } from './parts.tsx';
import { PairWords } from './pair.tsx';
import { PeerName } from './peer.tsx';
import './panel.css';
import './stats.css';

/** What each browser counts about the call, as rates. */
export function StatsPanel({ view }: PanelProps) {
  const compute = useMemo(statsFold, []);
  const { list } = view.entries.value;
  const peers = compute(list, endAt(list, view.focus.value));
  return (
    <div class="ps-panel ps-stats">
      {peers.size === 0 && (
        <Empty>
          While a connection is up, its counters are read once a second with getStats() and shown here as
          rates: bitrate, frames, loss, round trip.
        </Empty>
      )}
      {[...peers].map(([peer, { last, sendBps, receiveBps }]) => (
        <section key={peer} class="ps-card" aria-label={`Statistics of ${peer}`}>
          <p class="ps-card-title">
            <PeerName peers={view.peers.value} peer={peer} />
            {last.candidatePair && (
              <span class="ps-pair">
                <PairWords {...last.candidatePair} />
                {roundTrip(last.candidatePair.currentRoundTripTimeMs)}
              </span>
            )}
          </p>
          <div class="ps-curves">
            <Curve name="sends" values={sendBps} />
            <Curve name="receives" values={receiveBps} />
          </div>
          {last.outbound.map((stream) => (
            <Stream key={`out-${stream.ssrc}`} way="sends" stream={stream} />
          ))}
          {last.inbound.map((stream) => (
            <Stream key={`in-${stream.ssrc}`} way="receives" stream={stream} />
          ))}
        </section>
      ))}
    </div>
  );
}

const roundTrip = (ms: number | undefined): string => (ms === undefined ? '' : `, round trip ${inMs(ms)} ms`);

const WIDTH = 240;
const HEIGHT = 36;

function Curve({ name, values }: { name: string; values: readonly number[] }) {
  const line = sparkline(values, WIDTH, HEIGHT);
  return (
    <figure class="ps-curve">
      <figcaption>
        {name} <strong>{inBitrate(values.at(-1) ?? 0)}</strong>
      </figcaption>
      <svg viewBox={`0 -2 ${WIDTH} ${HEIGHT + 3}`} preserveAspectRatio="none" aria-hidden="true">
        {line && (
          <path
            class="ps-curve-area"
            d={`${line}V${HEIGHT}H${WIDTH - (values.length - 1) * (WIDTH / (HISTORY - 1))}Z`}
          />
        )}
        <path d={line} />
      </svg>
    </figure>
  );
}

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
