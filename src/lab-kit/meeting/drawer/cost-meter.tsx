import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import {
  costOf,
  figureNames,
  projectedCost,
  type Cost,
  type FigureName,
  type Projected,
} from '../../../rtc/meeting/cost.ts';
import type { Measured } from '../../../rtc/meeting/meter.ts';
import { watchProcessor, type Pressure, type ProcessorSample } from '../../../rtc/meeting/processor.ts';
import { inMs, plural } from '../../panels/model/format.ts';
import { Comparison } from './compare.tsx';
import { figureWords } from './figures.ts';
import type { Inspected } from './measured.ts';

const MOST_MORE = 10;

/** What the meeting costs this client now, by measurement, and what more participants would. */
export function CostMeter({ session, measured }: Props) {
  return (
    <div class="meet-cost">
      {session.topology.value === 'mesh' && <MeshCost measured={measured} />}
      <Comparison session={session} measured={measured} />
      <Processor />
    </div>
  );
}

interface Props {
  readonly session: Inspected;
  readonly measured: ReadonlySignal<Measured>;
}

/** Of a mesh: what it costs now, and with more participants. */
function MeshCost({ measured }: Pick<Props, 'measured'>) {
  const more = useSignal(2);
  const cost = costOf([...measured.value.values()]);
  const projected = projectedCost(cost, more.value);
  return (
    <>
      <label class="meet-more">
        <span>
          And with <b>{more.value}</b> more
        </span>
        <input
          type="range"
          min={1}
          max={MOST_MORE}
          step={1}
          value={more.value}
          aria-valuetext={plural(more.value, 'more participant')}
          onInput={({ currentTarget }) => (more.value = Number(currentTarget.value))}
        />
      </label>
      <table class="meet-table">
        <caption>What this client pays</caption>
        <thead>
          <tr>
            <th scope="col">&nbsp;</th>
            <th scope="col">Now</th>
            <th scope="col">Each link, mean</th>
            <th scope="col">With {more.value} more</th>
          </tr>
        </thead>
        <tbody>
          <tr data-figure="connections">
            <th scope="row">Connections</th>
            <td>{cost.connections}</td>
            <td>1</td>
            <td>{cost.connections + more.value}</td>
          </tr>
          {figureNames.map((name) => (
            <tr key={name} data-figure={name}>
              <th scope="row">{figureWords[name].title}</th>
              <Cells cost={cost} name={name} projected={projected[name]} />
            </tr>
          ))}
        </tbody>
      </table>
      <p class="meet-note" data-formula>
        {formula(cost, more.value)}
      </p>
      <p class="meet-note">
        In a mesh everything is encoded and sent once for each of the others. Where the line or the processor
        ends, the browser sends smaller pictures and then fewer, so the last column is what the same pictures
        would need, not what will be sent. Bytes are counted without IP and UDP headers.
      </p>
    </>
  );
}

function Cells({
  cost,
  name,
  projected,
}: {
  cost: Cost;
  name: FigureName;
  projected: Projected | undefined;
}) {
  const { write } = figureWords[name];
  if (!projected)
    return <td colSpan={3}>{cost.measured === 0 ? 'not measured yet' : 'not told by this browser'}</td>;
  const { total, added, perLink, links } = projected;
  return (
    <>
      <td>
        {write(total - added)}
        {links < cost.connections && <small> of {plural(links, 'link')}</small>}
      </td>
      <td>{write(perLink)}</td>
      <td>{write(total)}</td>
    </>
  );
}

function formula({ measured, connections, relayed, roundTripMs }: Cost, more: number): string {
  if (measured === 0)
    return connections === 0
      ? 'Nothing is projected: there is no connection that could be measured.'
      : 'Nothing is projected until a connection is up and was measured for a second.';
  return [
    `With ${more} more = now + ${more} × the mean of the ${plural(measured, 'link')} measured in the last second`,
    relayed > 0 ? `${relayed} of ${connections} relayed` : 'none relayed',
    ...(roundTripMs === undefined ? [] : [`round trip ${inMs(roundTripMs)} ms in the mean`]),
  ].join('; ');
}

const pressureWords: Readonly<Record<Pressure, string>> = {
  nominal: 'nominal: there is room for more',
  fair: 'fair: it is at work',
  serious: 'serious: it is nearly at its limit',
  critical: 'critical: it is at its limit',
};

/** What can be known of the processor. */
function Processor() {
  const sample = useSignal<ProcessorSample | null>(null);
  useEffect(() => {
    const end = new AbortController();
    watchProcessor(end.signal, (next) => (sample.value = next));
    return () => end.abort();
  }, []);
  const { lagMs, pressure } = sample.value ?? {};
  return (
    <>
      <table class="meet-table">
        <caption>The processor of this client</caption>
        <tbody>
          <tr data-figure="lag">
            <th scope="row">Main thread late by at most</th>
            <td>{lagMs === undefined ? 'not measured yet' : `${Math.round(Math.max(0, lagMs))} ms`}</td>
          </tr>
          <tr data-figure="pressure">
            <th scope="row">Pressure on the whole machine</th>
            <td>{pressure ? pressureWords[pressure] : 'not told by this browser'}</td>
          </tr>
        </tbody>
      </table>
      <p class="meet-note">
        No browser tells a page its share of the processor. What is told: the time between a picture’s going
        into the encoder or decoder and its coming out, summed up over a second (100 % is one core, if the
        coder has one thread, and nothing of the processor if hardware does it); how late the page’s own
        timers came in the last second; and in Chromium how the whole machine feels. Audio, drawing,
        encryption and the network are in none of these.
      </p>
    </>
  );
}
