import { WithCode } from '../exercise/with-code.tsx';
import { plural } from '../panels/model/format.ts';
import { columnWords } from './column-words.ts';
import { lessonAbout } from './lessons.ts';
import { ColumnMark } from './mark.tsx';
import type { Stage, StageColumn } from './stage.ts';

/** For each column: what is called without standing in its files, and what cannot be done with it. */
export function Hidden({ stage }: { stage: Stage }) {
  const { limits } = stage.task.value.definition;
  const columns = stage.columns.value;
  return (
    <section class="compare-hidden" aria-labelledby="compare-hides">
      <h2 id="compare-hides">What is hidden, and what cannot be done</h2>
      <div class="compare-columns" data-columns={columns.length}>
        {columns.map((column) => {
          const own = limits[column.id] ?? [];
          return (
            <section key={column.id} aria-label={columnWords[column.id].name}>
              <h3>
                <ColumnMark id={column.id} /> {columnWords[column.id].name}
              </h3>
              <Calls column={column} />
              {own.length > 0 && (
                <>
                  <h4>What cannot be done</h4>
                  <ul class="compare-limits">
                    {own.map(({ text, source }) => (
                      <li key={text}>
                        <WithCode text={text} />
                        <small>
                          <WithCode text={source} />
                        </small>
                      </li>
                    ))}
                  </ul>
                </>
              )}
            </section>
          );
        })}
      </div>
    </section>
  );
}

function Calls({ column }: { column: StageColumn }) {
  const measured = column.measures.value;
  if (!measured)
    return (
      <p class="lab-hint">
        Run the task: then the calls that this column makes, and that stand in none of its files, are here.
      </p>
    );
  const { hidden } = measured;
  if (hidden.length === 0)
    return <p class="lab-hint">Nothing: each method that was called stands in the files of this column.</p>;
  return (
    <>
      <p class="lab-hint">
        {plural(hidden.length, 'method')} called by {columnWords[column.id].name} and not in the files above:
      </p>
      <ul class="compare-methods">
        {hidden.map((method) => {
          const lesson = lessonAbout(method);
          const name = <code>{method}()</code>;
          return <li key={method}>{lesson ? <a href={lesson}>{name}</a> : <span>{name}</span>}</li>;
        })}
      </ul>
    </>
  );
}
