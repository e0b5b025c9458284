import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { maxLineLength, problemOf } from '../../rtc/sdp/experiment/edit.ts';
import type { Outcome } from '../../rtc/sdp/experiment/verdict.ts';
import type { SdpLine } from '../../rtc/sdp/parse.ts';
import type { PeerLabel } from '../../rtc/timeline.ts';
import { plural } from './model/format.ts';
import { outcomeWords, type Question, type Tries, type Try, type Where } from './sdp-tries.ts';

interface Props {
  /** The line that the keyboard stands on. */
  readonly line: SdpLine;
  readonly writer: PeerLabel | undefined;
  readonly reader: PeerLabel | undefined;
  readonly where: Signal<Where>;
  readonly editing: Signal<boolean>;
  readonly isBusy: boolean;
  /** Tries the line: without it, or with a text in its place. */
  readonly ask: (text?: string) => void;
  /** Goes back to the line in the list. */
  readonly goBack: () => void;
}

/** What becomes of a call without this line, or with another one: tried on a pair that nobody needs. */
export function SdpBench({ line, writer, reader, where, editing, isBusy, ask, goBack }: Props) {
  if (editing.value) return <EditForm key={line.raw} {...{ line, editing, ask, goBack }} />;
  return (
    <div class="ps-bar ps-bench" role="group" aria-label={`Try line ${line.number}`}>
      <button type="button" class="ps-button" disabled={isBusy} onClick={() => ask()}>
        Take line {line.number} away <kbd class="ps-keys">Del</kbd>
      </button>
      <button type="button" class="ps-button" disabled={isBusy} onClick={() => (editing.value = true)}>
        Edit it… <kbd class="ps-keys">F2</kbd>
      </button>
      <label class="ps-select">
        <span>when</span>
        <select
          value={where.value}
          onChange={({ currentTarget }) =>
            (where.value = currentTarget.value === 'before-set' ? 'before-set' : 'on-the-way')
          }
        >
          <option value="on-the-way">on its way to {reader ?? 'the other side'}</option>
          <option value="before-set">before {writer ?? 'its writer'} sets it</option>
        </select>
      </label>
    </div>
  );
}

function EditForm({ line, editing, ask, goBack }: Pick<Props, 'line' | 'editing' | 'ask' | 'goBack'>) {
  const text = useSignal(line.raw);
  const problem = useSignal<string | undefined>(undefined);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const close = () => {
    editing.value = false;
    goBack();
  };
  const submit = () => {
    problem.value = text.value === line.raw ? 'This is the line as it is.' : problemOf(text.value);
    if (problem.value) return;
    ask(text.value);
    close();
  };
  return (
    <form
      class="ps-bench-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label>
        <span class="ps-hidden">The line with your change</span>
        <input
          ref={input}
          value={text.value}
          maxLength={maxLineLength}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          aria-invalid={problem.value !== undefined}
          aria-describedby="ps-bench-problem"
          onKeyDown={({ key }) => key === 'Escape' && close()}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
            problem.value = undefined;
          }}
        />
      </label>
      <div class="ps-bar">
        <button type="submit" class="ps-button">
          Try it like this
        </button>
        <button type="button" class="ps-button" onClick={close}>
          Leave it
        </button>
        <span id="ps-bench-problem" role="alert" data-tone="bad">
          {problem.value}
        </span>
      </div>
    </form>
  );
}

/** What came of a try, and what the browser said. */
export function Result({ one, stop }: { one: Try; stop: () => void }) {
  const { question, state } = one;
  if (state.is === 'running')
    return (
      <div class="ps-outcome" data-gravity="1">
        <p>
          Two disposable peers make a call like this one, once as it is and once with the change…{' '}
          <button type="button" class="ps-button" onClick={stop}>
            Stop
          </button>
        </p>
      </div>
    );
  if (state.is === 'failed')
    return (
      <div class="ps-outcome" data-gravity="0">
        <p>{state.problem}</p>
      </div>
    );
  const { outcome } = state;
  const { kind, headline, effects, browserWords, edited } = outcome;
  const [word, gravity] = outcomeWords[kind];
  return (
    <div class="ps-outcome" data-gravity={gravity} data-outcome={kind}>
      <p class="ps-outcome-title">
        <span class="ps-outcome-word">
          <span aria-hidden="true">{signs[gravity]}</span> {word}
        </span>
        <strong>{headline}</strong>
      </p>
      {effects.length > 0 && (
        <ul>
          {effects.map((effect) => (
            <li key={effect}>{effect}</li>
          ))}
        </ul>
      )}
      {browserWords.length > 0 && (
        <figure class="ps-outcome-words">
          <figcaption>The browser’s own words</figcaption>
          {browserWords.map((words) => (
            <code key={words}>{words}</code>
          ))}
        </figure>
      )}
      {edited?.after !== undefined && (
        <p class="ps-outcome-edit">
          <span class="ps-sdp-about">In that call: </span>
          {edited.before !== undefined && <del>{edited.before}</del>}
          <ins>{edited.after}</ins>
        </p>
      )}
      {kind !== 'not-applicable' && <p class="ps-sdp-about">{provenance(question, outcome)}</p>}
    </div>
  );
}

/** Said in words as well, beside it. */
const signs = ['✓', '≈', '✕'] as const;

function provenance({ side, where }: Question, { tookMs, controlMs }: Outcome): string {
  const place =
    where === 'on-the-way'
      ? `the ${side} was edited on its way`
      : `the ${side} was edited before setLocalDescription()`;
  return `Tried on a disposable pair in this browser, just now; ${place}. It took ${Math.round(tookMs)}\u00a0ms; without the change all worked after ${Math.round(controlMs)}\u00a0ms.`;
}

/** All that was tried here: a learner collects what a call cannot do without. */
export function History({ tries }: { tries: Tries }) {
  const list = tries.list.value;
  if (list.length === 0) return null;
  const broke = list.filter(
    ({ state }) => state.is === 'done' && outcomeWords[state.outcome.kind][1] === 2,
  ).length;
  return (
    <details class="ps-bench-history">
      <summary>
        {plural(list.length, 'try', 'tries')} so far, {broke === 0 ? 'none' : broke} of them broke the call
      </summary>
      <ul>
        {list.map((one, index) => (
          <li key={list.length - index}>
            <TryWord one={one} />
            <span class="ps-sdp-about">
              {one.question.side}, line {one.question.line.number}
            </span>
            <code>{one.question.text ?? one.question.line.raw}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What came of a try, in a word with a sign. */
export function TryWord({ one }: { one: Try }) {
  if (one.state.is !== 'done') return null;
  const [word, gravity] = outcomeWords[one.state.outcome.kind];
  return (
    <span class="ps-try" data-gravity={gravity}>
      <span aria-hidden="true">{signs[gravity]}</span> {one.question.text === undefined ? '' : 'edited: '}
      {word}
    </span>
  );
}
