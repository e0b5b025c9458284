import type { ReadonlySignal } from '@preact/signals';
import { topologies, type Topology } from '../../../protocol/middlebox.ts';
import { knownOf, SIMULCAST_FACTOR, type Known } from '../../../rtc/meeting/compare.ts';
import { costOf, figureNames } from '../../../rtc/meeting/cost.ts';
import type { Measured } from '../../../rtc/meeting/meter.ts';
import { plural } from '../../panels/model/format.ts';
import { figureWords } from './figures.ts';
import type { Inspected } from './measured.ts';

interface Props {
  readonly session: Inspected;
  readonly measured: ReadonlySignal<Measured>;
}

const titles: Readonly<Record<Topology, string>> = { mesh: 'Mesh', sfu: 'SFU', mcu: 'MCU' };

/** What the three topologies cost this client, side by side, and where each figure is from. */
export function Comparison({ session, measured }: Props) {
  const people = session.people.value.length + 1;
  const inUse = session.topology.value;
  const now = costOf([...measured.value.values()]);
  const options = { inUse, now, people, before: session.bills.value };
  const known = topologies.map((topology) => [topology, knownOf(topology, options)] as const);
  const write = (one: Known, name: (typeof figureNames)[number]) => {
    if (one.is === 'unknown') return '—';
    const value = one.bill.figures[name];
    return value === undefined ? '—' : figureWords[name].write(value);
  };
  const isProjected = known.some(([, one]) => one.is === 'projected');
  const isUnknown = known.some(([, one]) => one.is === 'unknown');
  return (
    <>
      <table class="meet-table meet-compare">
        <caption>The three ways, side by side</caption>
        <thead>
          <tr>
            <th scope="col">What this client pays</th>
            {known.map(([topology, one]) => (
              <th key={topology} scope="col" data-topology={topology} data-known={one.is}>
                {titles[topology]} <small>{fromWords(one)}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr data-compare="connections">
            <th scope="row">Connections</th>
            {known.map(([topology, one]) => (
              <td key={topology} data-known={one.is}>
                {one.is === 'unknown' ? '—' : one.bill.connections}
              </td>
            ))}
          </tr>
          {figureNames.map((name) => (
            <tr key={name} data-compare={name}>
              <th scope="row">{figureWords[name].title}</th>
              {known.map(([topology, one]) => (
                <td key={topology} data-known={one.is}>
                  {write(one, name)}
                </td>
              ))}
            </tr>
          ))}
          <tr data-compare="server">
            <th scope="row">What the server does</th>
            <td>nothing</td>
            <td>forwards {plural(people * (people - 1), 'picture')}</td>
            <td>decodes {plural(people, 'picture')}, encodes one</td>
          </tr>
        </tbody>
      </table>
      {isProjected && (
        <p class="meet-note">
          Projected: reckoned from the mean link of the measured mesh, for the {people} who are here now. SFU:
          what is sent goes up once, in three layers (1 + ¼ + ¹⁄₁₆ = {SIMULCAST_FACTOR.toFixed(2)} times the
          bits), and comes down from each of the others; small tiles cost less than that. MCU: once up, once
          down. Switch, and the figures are measured.
        </p>
      )}
      {isUnknown && (
        <p class="meet-note">
          A dash: it was not in use while you were here, and there is no measured mesh that it could be
          reckoned from.
        </p>
      )}
    </>
  );
}

/** Where the figures of a column are from. */
function fromWords(one: Known): string {
  switch (one.is) {
    case 'now':
      return 'in use, measured now';
    case 'before': {
      const at = one.bill.at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
      return `measured at ${at}, ${plural(one.bill.people, 'person', 'people')}`;
    }
    case 'projected':
      return 'projected';
    case 'unknown':
      return 'not measured here';
    default:
      return one satisfies never;
  }
}
