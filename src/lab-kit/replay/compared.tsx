import { useSignal } from '@preact/signals';
import type { Comparison, MilestoneRow } from '../../rtc/recording/compare.ts';
import { inMs } from '../panels/model/format.ts';

/** What differs between two runs, in words. */
export function Compared({ comparison }: { comparison: Comparison }) {
  const onlyDifferent = useSignal(true);
  const { milestones, properties } = comparison;
  const rows = properties.filter(({ differs }) => differs || !onlyDifferent.value);
  const same = properties.filter(({ differs }) => !differs).length;
  return (
    <section class="ps-panel replay-compared" aria-labelledby="replay-differences">
      <h2 id="replay-differences">What differs</h2>
      <label class="replay-only">
        <input
          type="checkbox"
          checked={onlyDifferent.value}
          onChange={(event) => (onlyDifferent.value = event.currentTarget.checked)}
        />{' '}
        Only what differs ({same} of {properties.length} are the same)
      </label>
      {rows.length === 0 ? (
        <p class="replay-hint">Nothing but the times below.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">First run</th>
              <th scope="col">Second run</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ topic, name, a, b, differs }) => (
              <tr key={`${topic} ${name}`} data-differs={differs || undefined}>
                <th scope="row">
                  <small>{topic}</small> {name}
                </th>
                <td data-label="First run">{a || <NotThere />}</td>
                <td data-label="Second run">{b || <NotThere />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <h2>The steps and their times</h2>
      <p class="replay-hint">Milliseconds after each run’s first connection was opened.</p>
      <table>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">First run</th>
            <th scope="col">Second run</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          {milestones.map((row) => (
            <tr key={row.id}>
              <th scope="row">{row.text}</th>
              <td data-label="First run">{row.aMs === undefined ? <Never /> : inMs(row.aMs)}</td>
              <td data-label="Second run">{row.bMs === undefined ? <Never /> : inMs(row.bMs)}</td>
              <td data-label="Difference">{difference(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const NotThere = () => <span class="replay-hint">nothing</span>;
const Never = () => <strong>never</strong>;

function difference({ laterMs }: MilestoneRow): string {
  if (laterMs === undefined) return '';
  if (Math.abs(laterMs) < 1) return 'the same';
  return `${inMs(Math.abs(laterMs))} ${laterMs > 0 ? 'later' : 'earlier'}`;
}
