import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { paceModes, type PaceMode } from '../rtc/pace.ts';
import { PeerName } from './panels/peer.tsx';
import './panels/panel.css';
import type { LabSession } from './session.ts';
import type { Stepping } from './stepping.ts';
import './stepper.css';

export const modeNames: Record<PaceMode, string> = { run: 'By itself', slow: 'Slowly', step: 'Step by step' };

/** How a run goes on, and the step that waits: what will happen next, which line does it, and the button that lets it. */
export function Stepper({ session }: { session: LabSession }) {
  const { stepping } = session;
  const strip = useRef<HTMLElement>(null);
  const next = useRef<HTMLButtonElement>(null);
  const mode = stepping.mode.value;
  useStepKeys({
    isHeld: () => stepping.held.value !== null,
    go: () => stepping.go(),
    answer: (index) => stepping.asks.value && (stepping.answer(index), true),
  });
  useFocusOnFirstStep(stepping, strip, next);

  return (
    <section
      class="lab-stepper"
      data-mode={mode}
      data-predict={stepping.predicts.value || undefined}
      aria-label="Pace of the run"
      ref={strip}
    >
      <div class="lab-stepper-choice">
        <fieldset class="ps-segments">
          <legend class="ps-hidden">Pace of the run</legend>
          {paceModes.map((id) => (
            <label key={id}>
              {/* A name of its own: on a page with two labs these are two choices. */}
              <input
                type="radio"
                data-pace
                name={`${session.lab}-pace`}
                value={id}
                checked={id === mode}
                onChange={() => stepping.choose(id)}
              />
              <span>{modeNames[id]}</span>
            </label>
          ))}
        </fieldset>
        {mode === 'step' && (
          <label class="lab-stepper-predict">
            <input
              type="checkbox"
              checked={stepping.predicts.value}
              onChange={(event) => (stepping.predicts.value = event.currentTarget.checked)}
            />
            Predict
            {stepping.score.value.asked > 0 && (
              <span class="lab-stepper-score">
                {stepping.score.value.right} of {stepping.score.value.asked} right
              </span>
            )}
          </label>
        )}
      </div>
      {stepping.asks.value ? <Ask stepping={stepping} /> : <Now session={session} />}
      {mode !== 'run' && (
        <div class="lab-stepper-on">
          {mode === 'slow' && stepping.held.value && (
            <button type="button" class="lab-stepper-pause" onClick={() => stepping.choose('step')}>
              Stop here
            </button>
          )}
          <button
            type="button"
            class="lab-stepper-next"
            ref={next}
            // Not `disabled`: it keeps the focus between two steps.
            aria-disabled={!stepping.held.value || stepping.asks.value}
            aria-keyshortcuts="Space PageDown"
            onClick={() => stepping.go()}
          >
            Next step
            <kbd>Space</kbd>
          </button>
        </div>
      )}
      <p class="ps-hidden" role="status">
        {spoken(stepping)}
      </p>
    </section>
  );
}

/** What waits, or why nothing does. */
function Now({ session }: { session: LabSession }) {
  const { stepping, peers, definition } = session;
  const mode = stepping.mode.value;
  const held = stepping.held.value;
  if (!held || mode === 'run') return <p class="lab-stepper-now lab-hint">{quietWords(session)}</p>;
  const chosen = stepping.chosen.value;
  const code = held.line === undefined ? undefined : lineOf(definition.source, held.line);
  const clock = stepping.clockOf.value;
  return (
    <div class="lab-stepper-now" key={stepping.taken.value}>
      {mode === 'slow' && <Countdown untilMs={stepping.goesOnAtMs.value} />}
      {chosen && <Verdict stepping={stepping} />}
      <p class="lab-stepper-text">
        <span class="lab-stepper-number">Step {stepping.taken.value + 1}</span>{' '}
        {held.text.startsWith(`${held.peer} `) ? (
          <>
            <PeerName peers={peers.value} peer={held.peer} />
            {held.text.slice(held.peer.length)}
          </>
        ) : (
          held.text
        )}
      </p>
      {code !== undefined && (
        <p class="lab-stepper-line">
          <span>{held.line}</span>
          <code>{code}</code>
        </p>
      )}
      {!chosen && <p class="lab-stepper-why">{held.why}</p>}
      {clock && (
        <p class="lab-stepper-clock">
          <PeerName peers={peers.value} peer={clock} /> looks for a path now and does not wait with the code:{' '}
          {stepping.patience.words}
        </p>
      )}
    </div>
  );
}

/** «What comes next?», before the step is named. */
function Ask({ stepping }: { stepping: Stepping }) {
  return (
    <fieldset class="lab-stepper-now lab-stepper-ask" data-question={stepping.taken.value}>
      <legend>What comes next?</legend>
      {stepping.question.value?.options.map(({ text }, index) => (
        <button key={text} type="button" onClick={() => stepping.answer(index)}>
          <kbd>{index + 1}</kbd> {text}
        </button>
      ))}
    </fieldset>
  );
}

function Verdict({ stepping }: { stepping: Stepping }) {
  const chosen = stepping.chosen.value;
  const isRight = chosen?.text === stepping.question.value?.happens;
  return (
    <p class="lab-stepper-verdict" data-right={isRight}>
      <strong>{isRight ? '✓ Right.' : '✗ Not this one.'}</strong> {chosen?.why}
    </p>
  );
}

/** How long a slowed step still waits. Only a picture of it: the words say that it goes on by itself. */
function Countdown({ untilMs }: { untilMs: number | undefined }) {
  if (untilMs === undefined) return null;
  const leftMs = Math.max(0, untilMs - performance.now());
  return (
    <span class="lab-stepper-countdown" aria-hidden="true" style={{ animationDuration: `${leftMs}ms` }} />
  );
}

/** What is to be said while nothing waits. */
function quietWords({ stepping, state, arrangement }: LabSession): string {
  const mode = stepping.mode.value;
  if (mode === 'run') return 'The code runs by itself. Or let it wait before each step.';
  const elsewhere =
    arrangement.value === 'one-page'
      ? ''
      : ' Only the code of this page waits; the other page has a pace of its own.';
  const isRunning = state.value === 'running';
  if (isRunning && stepping.taken.value > 0)
    return `${plural(stepping.taken.value)} done. Nothing waits now: the browsers are at work.${elsewhere}`;
  if (isRunning) return `Nothing waits: the next step of the code will.${elsewhere}`;
  return mode === 'slow'
    ? `Start the run: it pauses a moment before each step.${elsewhere}`
    : `Start the run: it waits before each step, for as long as you like.${elsewhere}`;
}

/** The same for those who listen. */
function spoken(stepping: Stepping): string {
  const held = stepping.held.value;
  if (stepping.mode.value === 'run' || !held) return '';
  if (stepping.asks.value) {
    const options = stepping.question.value?.options.map(({ text }, index) => `${index + 1}: ${text}.`) ?? [];
    return `Step ${stepping.taken.value + 1}. What comes next? ${options.join(' ')}`;
  }
  const chosen = stepping.chosen.value;
  const verdict = !chosen
    ? ''
    : chosen.text === stepping.question.value?.happens
      ? 'Right. '
      : `Not this one. ${chosen.why} `;
  const line = held.line === undefined ? '' : `, line ${held.line}`;
  return `${verdict}Step ${stepping.taken.value + 1} waits: ${held.text}${line}. ${held.why}`;
}

interface StepKeys {
  readonly isHeld: () => boolean;
  readonly go: () => void;
  /** Takes an answer to the question that is open, by its place from 0. @returns false where none is */
  readonly answer?: (index: number) => boolean;
}

/** Page Down is what a presenter's clicker sends; it and the digits work wherever the focus is. */
export function useStepKeys(keys: StepKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat) return;
      const { isHeld, go, answer } = latest.current;
      if (!isHeld() || event.defaultPrevented) return;
      const target = event.target instanceof Element ? event.target : null;
      const option = ['1', '2', '3'].indexOf(event.key);
      if (event.key === 'PageDown' || (event.key === ' ' && !target?.closest(interactive))) go();
      else if (option < 0 || target?.closest(typing) || !answer?.(option)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    document.addEventListener('keydown', onKey, { capture: true });
    return () => document.removeEventListener('keydown', onKey, { capture: true });
  }, []);
}

const typing = 'input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]';
const interactive = `a, button, input, select, textarea, summary, video, audio, [contenteditable], [tabindex]:not(main)`;

/** Takes the focus from the run button when the first step waits, so that Space means «next» and not «stop». */
function useFocusOnFirstStep(
  stepping: Stepping,
  strip: { readonly current: HTMLElement | null },
  next: { readonly current: HTMLButtonElement | null },
): void {
  useSignalEffect(() => {
    if (!stepping.held.value || stepping.mode.value !== 'step' || stepping.taken.value > 0) return;
    const { activeElement } = document;
    const lab = strip.current?.closest('.lab');
    const isRun = activeElement instanceof HTMLElement && 'run' in activeElement.dataset;
    if (activeElement === document.body || (isRun && lab?.contains(activeElement)))
      next.current?.focus({ preventScroll: true });
  });
}

/** A line of a file as it is shown beside the file: without its footnote. @param line counted from 1 */
export function lineOf(source: string, line: number): string | undefined {
  const text = source.split('\n').at(line - 1);
  return text?.replace(/\s*\/\/ \[\d+\]$/, '').trim();
}

const plural = (count: number): string => (count === 1 ? '1 step' : `${count} steps`);
