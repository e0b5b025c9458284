import { useEffect, useId, useRef } from 'preact/hooks';
import { randomOf } from '../random.ts';
import { WithCode } from './with-code.tsx';
import type { AnswerExercise, OrderExercise, PredictExercise } from './define.ts';
import type { ExerciseSession } from './session.ts';

/** Cards that are moved by their buttons, by dragging, or with Alt and an arrow key. */
export function Cards({ session, definition }: { session: ExerciseSession; definition: OrderExercise }) {
  const list = useRef<HTMLOListElement>(null);
  /** The card that keeps the keyboard's place when it moves. */
  const moved = useRef<{ card: string; control: string } | null>(null);
  const order = session.order.value;
  useEffect(() => {
    if (!moved.current) return;
    const { card, control } = moved.current;
    moved.current = null;
    const row = list.current?.querySelector<HTMLElement>(`[data-card="${CSS.escape(card)}"]`);
    const button = row?.querySelector<HTMLButtonElement>(`[data-move="${control}"]`);
    (button && !button.disabled
      ? button
      : row?.querySelector<HTMLButtonElement>('[data-move]:not(:disabled)')
    )?.focus();
  }, [order]);
  const move = (card: string, by: -1 | 1) => {
    moved.current = { card, control: by < 0 ? 'up' : 'down' };
    session.move(card, order.indexOf(card) + by);
  };
  return (
    <ol class="ex-cards" ref={list}>
      {order.map((id, place) => {
        const text = definition.cards.find((card) => card.id === id)?.text ?? id;
        const spoken = text.replaceAll('`', '');
        return (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the buttons do the same
          <li
            key={id}
            data-card={id}
            draggable
            onDragStart={({ dataTransfer }) => dataTransfer?.setData('text/plain', id)}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              event.preventDefault();
              const card = event.dataTransfer?.getData('text/plain') ?? '';
              if (order.includes(card)) session.move(card, place);
            }}
            onKeyDown={(event) => {
              if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
              event.preventDefault();
              move(id, event.key === 'ArrowUp' ? -1 : 1);
            }}
          >
            <span class="ex-card-text">
              <WithCode text={text} />
            </span>
            <button
              type="button"
              data-move="up"
              aria-label={`Move up: ${spoken}`}
              disabled={place === 0}
              onClick={() => move(id, -1)}
            >
              <Arrow up />
            </button>
            <button
              type="button"
              data-move="down"
              aria-label={`Move down: ${spoken}`}
              disabled={place === order.length - 1}
              onClick={() => move(id, 1)}
            >
              <Arrow />
            </button>
          </li>
        );
      })}
    </ol>
  );
}

/** Questions with choices. */
export function Questions({
  session,
  definition,
}: {
  session: ExerciseSession;
  definition: PredictExercise;
}) {
  const name = useId();
  return (
    <div class="ex-questions">
      {definition.questions.map(({ id, text, choices }) => (
        <fieldset key={id}>
          <legend>
            <WithCode text={text} />
          </legend>
          {choices.map((choice, index) => (
            <label key={choice.text}>
              <input
                type="radio"
                name={`${name}-${id}`}
                checked={session.answers.value[id] === String(index)}
                onChange={() => session.answer(id, String(index))}
              />
              <span>
                <WithCode text={choice.text} />
              </span>
            </label>
          ))}
        </fieldset>
      ))}
    </div>
  );
}

/** A table of what is given, with a field at the end of each row. */
export function AnswerTable({
  session,
  definition,
}: {
  session: ExerciseSession;
  definition: AnswerExercise;
}) {
  const { text, head, rows } = definition.make(randomOf(session.seed.value));
  return (
    <div class="ex-table">
      {text !== undefined && <Given text={text} />}
      <table>
        <thead>
          <tr>
            {head.map((text) => (
              <th key={text} scope="col">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, cells }) => (
            <tr key={id}>
              {cells.map((cell, index) => (
                <td key={index} data-label={head[index]} data-words={/\s/.test(cell) || undefined}>
                  <span>
                    <WithCode text={cell} />
                  </span>
                </td>
              ))}
              <td data-label={head.at(-1)}>
                <input
                  type="text"
                  inputMode={rows.every(({ right }) => /^\d+$/.test(right)) ? 'numeric' : 'text'}
                  autocomplete="off"
                  autocapitalize="off"
                  spellcheck={false}
                  maxLength={200}
                  aria-label={`${head.at(-1)}: ${cells.join(', ').replaceAll('`', '')}`}
                  data-field={id}
                  value={session.answers.value[id] ?? ''}
                  onInput={({ currentTarget }) => session.answer(id, currentTarget.value)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The text that is asked about; its m= lines stand out, as they begin a part. It scrolls by itself, also by keyboard. */
function Given({ text }: { text: string }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
    <pre class="ex-given" tabIndex={0} role="region" aria-label="The text to read">
      {text.split(/\r?\n/).map((line, index) => (
        <span key={index} data-part={line.startsWith('m=') || undefined}>
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}

function Arrow({ up = false }: { up?: boolean }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path d={up ? 'M8 13V3M3.5 7.5 8 3l4.5 4.5' : 'M8 3v10M3.5 8.5 8 13l4.5-4.5'} />
    </svg>
  );
}
