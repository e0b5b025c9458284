import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { mediaSources } from '../media-source.ts';
import type { PanelProps } from '../view.ts';
import { AnswerTable, Cards, Questions } from './answer-forms.tsx';
import type { Editor } from './editor.ts';
import { isCode, type ExerciseSession } from './session.ts';
import { WithCode } from './with-code.tsx';
import '../app.css';
import '../panels/panel.css';
import '../panels/code-pane.css';
import './exercise.css';

interface Props {
  readonly session: ExerciseSession;
  /** The starter, highlighted when the site was built. */
  readonly codeHtml: string;
  /** The level of its heading in the page. */
  readonly level: 2 | 3;
}

const kinds = {
  predict: 'Predict',
  order: 'Put in order',
  answer: 'Work out',
  complete: 'Complete the code',
  repair: 'Repair the code',
} as const;

/** An exercise as the learner sees it: what to do, where to do it, and what came of it. */
export function ExerciseApp({ session, codeHtml, level }: Props) {
  const { definition, progress } = session;
  return (
    <div class="ex" data-state={progress.value} role="group" aria-label={`Exercise: ${definition.title}`}>
      <header class="ex-head">
        <p class="ex-kind">
          <span>Exercise</span> <span>{kinds[definition.kind]}</span>
          <span class="ex-done" data-shown={session.done.value !== null || undefined}>
            <Mark ok /> done
          </span>
        </p>
        <div class="ex-title" role="heading" aria-level={level}>
          {definition.title}
        </div>
      </header>
      <div class="ex-task">
        {definition.task.map((paragraph) => (
          <p key={paragraph}>
            <WithCode text={paragraph} />
          </p>
        ))}
      </div>
      {isCode(definition) && <Code session={session} codeHtml={codeHtml} />}
      {definition.kind === 'order' && <Cards session={session} definition={definition} />}
      {definition.kind === 'predict' && <Questions session={session} definition={definition} />}
      {definition.kind === 'answer' && <AnswerTable session={session} definition={definition} />}
      <Actions session={session} />
      {session.hints.value > 0 && (
        <ol class="ex-hints" aria-label="Hints">
          {definition.hints.slice(0, session.hints.value).map((hint) => (
            <li key={hint}>
              <WithCode text={hint} />
            </li>
          ))}
        </ol>
      )}
      <Outcome session={session} />
      <p class="ps-hidden" role="status">
        {session.news.value}
      </p>
    </div>
  );
}

function Code({ session, codeHtml }: { session: ExerciseSession; codeHtml: string }) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  const isOpen = useSignal(false);
  const wantsFocus = useRef(false);
  const open = async (focus: boolean) => {
    if (isOpen.value || !host.current) return;
    const { openEditor } = await import('./editor.ts');
    if (isOpen.value || !host.current) return;
    editor.current = openEditor(host.current, {
      text: session.mine.value,
      label: `Your code: ${session.definition.title}. Tab indents, Escape and then Tab leaves.`,
      onChange: (text) => session.edit(text),
    });
    wantsFocus.current = focus;
    isOpen.value = true;
  };
  // Only now is it displayed.
  useEffect(() => {
    if (isOpen.value && wantsFocus.current) editor.current?.focus();
  }, [isOpen.value]);
  // What was written before is shown at once; the highlighted text below is the starter's.
  useEffect(() => {
    if (session.mine.value !== session.starter) void open(false);
    return () => editor.current?.close();
  }, []);
  const solution = session.solution.value;
  const { problem } = session;
  useEffect(() => {
    if (solution !== null) void open(false).then(() => editor.current?.set(solution, true));
    else editor.current?.set(session.mine.value, false);
  }, [solution, session.mine.value]);
  const line = problem.value?.line;
  useEffect(() => {
    editor.current?.mark(line === undefined ? null : { line, text: problem.value?.text ?? '' });
  }, [line, problem.value]);

  const lines = session.starter.trimEnd().split('\n').length;
  return (
    <div class="ex-code">
      <div class="ex-code-title">
        <span>
          <code>{solution === null ? 'your code' : 'the solution'}</code>
        </span>
        {solution !== null ? (
          <button type="button" class="ex-link" onClick={() => session.back()}>
            Back to my code
          </button>
        ) : isOpen.value ? (
          <span class="ex-quiet">
            <kbd>Esc</kbd> <kbd>Tab</kbd> leaves the editor
          </span>
        ) : (
          <button type="button" class="ex-link" data-edit onClick={() => void open(true)}>
            Edit
          </button>
        )}
      </div>
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- the button above does the same */}
      <div
        class="ex-code-box"
        style={{ '--lines': lines }}
        onClick={() => void open(true)}
        data-open={isOpen.value || undefined}
      >
        <div class="ex-editor" ref={host} />
        {!isOpen.value && (
          <div class="ps-code" {...scrolls} data-code-html dangerouslySetInnerHTML={{ __html: codeHtml }} />
        )}
      </div>
      {session.output.value.length > 0 && (
        <div class="ex-console">
          <p>Console</p>
          <ol aria-label="Console" aria-live="polite">
            {session.output.value.map(({ level, text, line }, index) => (
              <li key={index} data-level={level}>
                <span>{text}</span>
                {line !== undefined && (
                  <button
                    type="button"
                    class="ex-link"
                    onClick={() => void open(false).then(() => editor.current?.goTo(line))}
                  >
                    line {line}
                  </button>
                )}
              </li>
            ))}
          </ol>
        </div>
      )}
    </div>
  );
}

/** What scrolls has to be within reach of the keyboard. */
const scrolls = { role: 'region', 'aria-label': 'Code to start from', tabIndex: 0 } as const;

function Actions({ session }: { session: ExerciseSession }) {
  const { definition, asking } = session;
  const isBusy = session.progress.value === 'checking';
  const left = 3 - session.hints.value;
  const bar = useRef<HTMLDivElement>(null);
  const wasAsking = useRef(false);
  // The answered question is gone, and the keyboard's place with it.
  useLayoutEffect(() => {
    if (wasAsking.current && asking.value === null)
      bar.current?.querySelector<HTMLElement>('[data-check]')?.focus();
    wasAsking.current = asking.value !== null;
  }, [asking.value]);
  return (
    <>
      <div class="ex-actions" ref={bar}>
        <button
          type="button"
          class="lab-run"
          data-check
          data-busy={isBusy || undefined}
          onClick={() => (isBusy ? session.stop() : void session.check())}
        >
          {isBusy ? 'Stop' : 'Check'}
        </button>
        <button
          type="button"
          class="lab-button"
          data-hint
          disabled={left === 0}
          onClick={() => session.hint()}
        >
          {left === 3 ? 'Hint' : left === 0 ? 'No more hints' : `Another hint (${left} left)`}
        </button>
        {session.solution.value === null && (
          <button type="button" class="lab-button" data-solve onClick={() => (asking.value = 'solve')}>
            Solve
          </button>
        )}
        <button type="button" class="lab-button" data-reset onClick={() => (asking.value = 'reset')}>
          Reset
        </button>
        {isCode(definition) && definition.media && (
          <label class="lab-choice">
            Picture and sound
            <select
              name="source"
              value={session.source.value}
              onChange={({ currentTarget }) => {
                session.source.value =
                  mediaSources.find((name) => name === currentTarget.value) ?? 'synthetic';
              }}
            >
              <option value="synthetic">Synthetic</option>
              <option value="camera">Camera</option>
            </select>
          </label>
        )}
      </div>
      {asking.value === 'solve' && (
        <Question
          text="Show the solution? What you have done is kept, and you can go back to it."
          yes="Show the solution"
          onYes={() => void session.solve()}
          onNo={() => (asking.value = null)}
        />
      )}
      {asking.value === 'reset' && (
        <Question
          text="Start over? What you have written here is thrown away. What is done stays done."
          yes="Start over"
          onYes={() => session.reset()}
          onNo={() => (asking.value = null)}
        />
      )}
    </>
  );
}

function Question({
  text,
  yes,
  onYes,
  onNo,
}: {
  text: string;
  yes: string;
  onYes: () => void;
  onNo: () => void;
}) {
  const first = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  return (
    <div class="ex-question" role="alertdialog" aria-label={text}>
      <p>{text}</p>
      <button type="button" class="lab-button" data-yes ref={first} onClick={onYes}>
        {yes}
      </button>
      <button type="button" class="lab-button" onClick={onNo}>
        No
      </button>
    </div>
  );
}

function Outcome({ session }: { session: ExerciseSession }) {
  const { definition } = session;
  const results = session.results.value;
  const isBusy = session.progress.value === 'checking';
  const problem = session.problem.value;
  if (session.progress.value === 'idle') return null;
  const pending =
    isBusy && isCode(definition)
      ? definition.checks.filter(({ id }) => results.every((result) => result.id !== id))
      : [];
  return (
    <div class="ex-outcome">
      {!isBusy && <p class="ex-verdict">{verdictWords(session)}</p>}
      {isCode(definition) && definition.onSite && <OnSite session={session} />}
      {problem && (
        <p class="ex-problem">
          <strong>{problemWords(session)}</strong> {problem.text}
        </p>
      )}
      <ul class="ex-results" aria-label="Checks">
        {results.map((result) => (
          <li key={result.id} data-ok={result.ok} data-check-id={result.id}>
            <Mark ok={result.ok} />
            <div>
              <p class="ex-result-title">
                <WithCode text={result.title} />
                <span class="ps-hidden">{result.ok ? ': holds' : ': does not hold'}</span>
              </p>
              <Sentence term="Seen" text={result.saw} />
              {!result.ok && <Sentence term="Wanted" text={result.wanted} />}
              {result.hint && (
                <p class="ex-quiet">
                  <WithCode text={result.hint} />
                </p>
              )}
            </div>
          </li>
        ))}
        {pending.map(({ id, title }) => (
          <li key={id} data-pending>
            <span class="ex-spin" aria-hidden="true" />
            <p class="ex-result-title">
              <WithCode text={title} />
            </p>
          </li>
        ))}
      </ul>
      {isCode(definition) && !isBusy && session.entries.value.version > 1 && <Messages session={session} />}
    </div>
  );
}

/** What has passed here can be tried on the real server, as a process of its own. */
function OnSite({ session }: { session: ExerciseSession }) {
  const isThere = session.place.value === 'site';
  const isBusy = session.progress.value === 'checking';
  if (!isThere && session.progress.value !== 'passed') return null;
  return (
    <p class="ex-on-site">
      <button
        type="button"
        class="lab-button"
        data-on-site
        onClick={() => (isBusy ? session.stop() : void session.check('site'))}
      >
        {isBusy ? 'Stop' : isThere ? 'Check it there again' : 'Check it on this site’s server'}
      </button>
      <span class="ex-quiet">
        There it runs as a process of its own, and every message to it crosses the signaling connection.
      </span>
    </p>
  );
}

function problemWords({ problem, place }: ExerciseSession): string {
  const line = problem.value?.line;
  if (line !== undefined) return `Line ${line}:`;
  return place.value === 'site' ? 'On this site’s server:' : 'The code stopped.';
}

/** The ladder of the last run, for whoever wants to see what the checks have seen. */
function Messages({ session }: { session: ExerciseSession }) {
  const Ladder = useSignal<{ readonly component: ComponentType<PanelProps> } | null>(null);
  const open = async () => {
    const { LadderPanel: component } = await import('../panels/ladder.tsx');
    Ladder.value = { component };
  };
  return (
    <details class="ex-messages" onToggle={({ currentTarget }) => currentTarget.open && void open()}>
      <summary>What happened, message by message</summary>
      <div class="lab" data-size="exercise">
        {Ladder.value && <Ladder.value.component view={session} />}
      </div>
    </details>
  );
}

function verdictWords(session: ExerciseSession): string {
  const results = session.results.value;
  const held = results.filter(({ ok }) => ok).length;
  const where = session.place.value === 'site' ? ' on the server of this site' : '';
  if (session.progress.value !== 'passed') return `${held} of ${results.length} checks hold${where}.`;
  if (where) return `All checks hold${where}.`;
  return session.solution.value === null
    ? 'All checks hold. Done.'
    : 'All checks hold: this is the solution.';
}

const Sentence = ({ term, text }: { term: string; text: string }) => (
  <p class="ex-sentence">
    <span>{term}</span>
    <span>
      <WithCode text={text} />
    </span>
  </p>
);

/** A tick or a cross: the shape says it, not the colour alone. */
function Mark({ ok }: { ok: boolean }) {
  return (
    <svg class="ex-mark" viewBox="0 0 16 16" aria-hidden="true" data-ok={ok}>
      <path d={ok ? 'M3 8.5 6.5 12 13 4.5' : 'M4 4l8 8M12 4l-8 8'} />
    </svg>
  );
}
