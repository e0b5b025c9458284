import { useMemo } from 'preact/hooks';
import { DeskPanel } from '../../lab-kit/classroom/desk.tsx';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import type { PanelProps } from '../../lab-kit/view.ts';
import { rowsOf, seenFold } from './faults.ts';
import { desk } from './server-desk.ts';

const marks = new Map([
  [true, 'holds'],
  [false, 'does not hold'],
]);

/** What should hold, what was seen, and the server that you may repair. */
export function FaultsPanel({ view }: PanelProps) {
  const compute = useMemo(seenFold, []);
  const { list } = view.entries.value;
  const rows = rowsOf(compute(list, endAt(list, view.focus.value)));
  const held = rows.filter(({ ok }) => ok).length;
  const isJudged = rows.every(({ ok }) => ok !== undefined);
  return (
    <DeskPanel view={view} desk={desk} file="faulty">
      <p
        class="classroom-outcome"
        data-is={!isJudged ? 'open' : held === rows.length ? 'good' : 'bad'}
        role="status"
      >
        {isJudged
          ? `${held} of ${rows.length} hold.`
          : list.length === 0
            ? 'Run it, and see what does not hold.'
            : 'alice and bob call each other; mallory tries her luck.'}
      </p>
      <section class="classroom-scroll" aria-label="What should hold">
        <table class="classroom-roster">
          <thead>
            <tr>
              <th scope="col">What should hold</th>
              <th scope="col">Does it?</th>
              <th scope="col">Seen</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ id, title, ok, saw }) => (
              <tr key={id} data-fault={id} data-ok={ok}>
                <th scope="row">{title}</th>
                <td class="classroom-mark">{(ok !== undefined && marks.get(ok)) || 'not yet known'}</td>
                <td>{list.length > 0 && saw}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </DeskPanel>
  );
}
