import { signal, useSignal } from '@preact/signals';
import { useId, useMemo } from 'preact/hooks';
import { Sentence, StandingMark } from '../../lab-kit/check/standing.tsx';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import type { PanelProps } from '../../lab-kit/view.ts';
import type { CallObservation, Observations, UrlObservation } from '../../rtc/check/observations.ts';
import { megabits } from '../../rtc/check/report.ts';
import { verdictOf } from '../../rtc/check/verdict.ts';
import { cases, type Case } from '../../rtc/check/cases.ts';
import { liveFold, observationsOf } from './live.ts';
import './judge.css';

/** What was answered to each case, by its id; it outlives the panel, whose tab may be left. */
const answers = signal<ReadonlyMap<string, string>>(new Map());

/** What the rules say of the run, and twelve recorded ones to judge oneself. */
export function Judge({ view }: PanelProps) {
  const compute = useMemo(liveFold, []);
  const { list } = view.entries.value;
  const live = observationsOf(compute(list, endAt(list, view.focus.value)), view.userAgent);
  return (
    <div class="judge">
      <section class="judge-live" aria-labelledby="judge-live">
        <h2 id="judge-live">Your run</h2>
        {live ? (
          <Spoken observations={live} />
        ) : (
          <p class="judge-hint" role="status">
            {list.length === 0
              ? 'Press Run: alice calls bob through the relay, and the rules say what came of it.'
              : 'On its way: nothing can be said yet.'}
          </p>
        )}
      </section>
      <Cases />
    </div>
  );
}

function Cases() {
  const place = useSignal(0);
  const now = cases[place.value];
  if (!now) return null;
  const answered = cases.filter(({ id }) => answers.value.has(id));
  const right = answered.filter(({ id, truth }) => answers.value.get(id) === truth);
  return (
    <section class="judge-cases" aria-labelledby="judge-cases">
      <h2 id="judge-cases">Twelve recorded cases</h2>
      <p class="judge-hint" role="status">
        {answered.length === 0
          ? 'Each is a real run of the tester. Judge it before you read what the rules say.'
          : `${right.length} of ${answered.length} right${answered.length === cases.length ? ', and that was all of them.' : '.'}`}
      </p>
      <div class="judge-places" role="group" aria-label="Cases">
        {cases.map(({ id, truth }, index) => {
          const answer = answers.value.get(id);
          const state = answer === undefined ? 'open' : answer === truth ? 'right' : 'wrong';
          return (
            <button
              key={id}
              type="button"
              aria-current={index === place.value || undefined}
              aria-label={`Case ${index + 1}, ${state === 'open' ? 'not judged yet' : `judged ${state}`}`}
              data-state={state}
              onClick={() => (place.value = index)}
            >
              {index + 1}
              <span aria-hidden="true">{{ open: '', right: '✓', wrong: '✕' }[state]}</span>
            </button>
          );
        })}
      </div>
      <One
        key={now.id}
        one={now}
        number={place.value + 1}
        {...(place.value + 1 < cases.length && { onNext: () => (place.value += 1) })}
      />
    </section>
  );
}

function One({ one, number, onNext }: { one: Case; number: number; onNext?: () => void }) {
  const { id, browser, observations, choices, truth, made } = one;
  const answer = answers.value.get(id);
  const name = useId();
  return (
    <article class="judge-case" data-case={id} aria-label={`Case ${number}`}>
      <p class="judge-hint">
        Case {number}, {browser}
      </p>
      <Seen observations={observations} />
      <fieldset disabled={answer !== undefined}>
        <legend>What is the matter?</legend>
        {choices.map((choice) => (
          <label
            key={choice}
            data-mark={
              answer !== undefined && choice === truth ? 'right' : choice === answer ? 'wrong' : undefined
            }
          >
            <input
              type="radio"
              name={name}
              checked={choice === answer}
              onChange={() => (answers.value = new Map(answers.value).set(id, choice))}
            />{' '}
            {choice}
          </label>
        ))}
      </fieldset>
      <div class="judge-answer" role="status">
        {answer !== undefined && (
          <>
            <p>
              <strong>
                {answer === truth ? 'Right.' : `Not quite: ${truth[0]?.toLowerCase()}${truth.slice(1)}.`}
              </strong>{' '}
              {made}
            </p>
            <Spoken observations={observations} />
          </>
        )}
      </div>
      {answer !== undefined && onNext && (
        <button type="button" class="lab-button" onClick={onNext}>
          Next case
        </button>
      )}
    </article>
  );
}

/** The verdict with the rule that fired for each URL. */
function Spoken({ observations }: { observations: Observations }) {
  const { standing, title, urls, remarks } = verdictOf(observations);
  const several = urls.length > 1;
  return (
    <div class="judge-spoken">
      <p class="judge-title" data-standing={standing}>
        <StandingMark standing={standing} /> {title}
      </p>
      <ul>
        {urls.map((said, index) => (
          <li key={`${said.rule} ${index}`} data-rule={said.rule}>
            {several && <code>{observations.urls[index]?.url}</code>}
            <Sentence said={said} />
          </li>
        ))}
        {remarks
          .filter((said) => said.standing !== 'works')
          .map((said) => (
            <li key={said.rule} data-rule={said.rule}>
              <Sentence said={said} />
            </li>
          ))}
      </ul>
    </div>
  );
}

/** What was seen, without a word on what it means. */
function Seen({ observations }: { observations: Observations }) {
  const { urls, hosts, network, direct, mapped } = observations;
  return (
    <dl class="judge-seen">
      {urls.map((url) => (
        <div key={url.url}>
          <dt>
            <code>{url.url}</code>
          </dt>
          {linesOf(url).map((line) => (
            <dd key={line}>{line}</dd>
          ))}
        </div>
      ))}
      <div>
        <dt>without a server</dt>
        <dd>
          {network === 'none'
            ? 'no candidate and no error from anywhere in 3 s'
            : `${hosts.count} host candidate${hosts.count === 1 ? '' : 's'}; ${direct?.outcome === 'bytes' ? `a call came about, round trip ${direct.rttMs?.median} ms` : 'no call came about'}`}
        </dd>
        {mapped.length > 1 && (
          <dd>
            one socket, seen from outside as{' '}
            {mapped.map(({ address, port }) => `${address}:${port}`).join(' and ')}
          </dd>
        )}
      </div>
    </dl>
  );
}

function linesOf({ gathering, call, oneSided }: UrlObservation): string[] {
  const { candidates, errors, ended, tookMs } = gathering;
  const after = `${(tookMs / 1000).toFixed(1)} s`;
  const end = {
    complete: `gathering complete after ${after}`,
    enough: `enough was found after ${after}`,
    deadline: `still gathering after ${after}, when the tester stopped`,
    refused: `refused: ${gathering.refusal}`,
    stopped: `stopped after ${after}`,
  }[ended];
  return [
    ...candidates.map(({ type, address, port }) => `candidate ${type} ${address}:${port}`),
    ...errors.map(
      ({ code, text }) => `icecandidateerror ${code}${text ? `, “${text}”` : ', without a text'}`,
    ),
    end,
    ...(call ? [`call, both sides relayed: ${outcome(call)}`] : []),
    ...(oneSided ? [`call, one side relayed: ${outcome(oneSided)}`] : []),
  ];
}

function outcome({ outcome: is, rttMs, throughput, errors }: CallObservation): string {
  const codes = [...new Set(errors.map(({ code }) => code))];
  const error = codes.length > 0 ? `; error ${codes.join(', ')} on the way` : '';
  if (is === 'bytes')
    return `bytes came back, round trip ${rttMs?.median} ms${throughput ? `, ${megabits(throughput.bitsPerSecond)} Mbit/s` : ''}${error}`;
  return `${is === 'no-bytes' ? 'connected, nothing came back' : 'not connected'}${error}`;
}
