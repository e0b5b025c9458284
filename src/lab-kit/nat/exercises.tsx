import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { reaches, simulate } from '../../rtc/nat-sim/simulate.ts';
import { reachNames } from '../../rtc/nat-sim/words.ts';
import { CHANGED } from '../exercise/done.ts';
import { ProgressStore, type Progress } from '../exercise/store.ts';
import { chosenPlan, putOnStage } from './chosen.ts';
import { goals, QUIZ_ID, type Goal } from './goals.ts';
import { isReach, questionsOf, rightOnes, type Question } from './quiz.ts';
import { readIndex, replayHref, type IndexAnswer } from './recordings.ts';
import { ReachWord } from './reach-word.tsx';
import '../panels/panel.css';
import './nat.css';

const store = new ProgressStore();
const recall = (id: string): Progress => store.read(id);
function remember(id: string, progress: Progress): void {
  store.write(id, progress);
  dispatchEvent(new Event(CHANGED));
}

/** Predict what was recorded, and build what the simulator grades. */
export function Exercises() {
  return (
    <section class="nat-exercises ps-panel" aria-label="Exercises">
      <Quiz />
      <h3>Build a network</h3>
      <p>
        Make the network in the simulator above, then have it checked here. What counts is what its run does.
      </p>
      {goals.map((goal) => (
        <GoalCard key={goal.id} goal={goal} />
      ))}
    </section>
  );
}

function Quiz() {
  const answer = useSignal<IndexAnswer | null>(null);
  const answers = useSignal<Readonly<Record<string, string>>>({});
  useEffect(() => {
    answers.value = recall(QUIZ_ID).answers ?? {};
    void readIndex().then((read) => (answer.value = read));
  }, []);
  if (!answer.value) return <p role="status">The recorded networks are on their way …</p>;
  if (!answer.value.ok) return <p role="alert">{answer.value.problem}</p>;
  const questions = questionsOf(answer.value.index.cells);
  const answered = questions.filter(({ id }) => isReach(answers.value[id])).length;
  const right = rightOnes(questions, answers.value);
  const decide = (id: string, reach: string) => {
    const next = { ...answers.value, [id]: reach };
    answers.value = next;
    const all = questions.every((one) => isReach(next[one.id]));
    const done = all && rightOnes(questions, next) === questions.length;
    const before = recall(QUIZ_ID).done;
    remember(QUIZ_ID, {
      answers: next,
      ...(before ? { done: before } : done && { done: { atMs: Date.now(), seen: false } }),
    });
  };
  const again = () => {
    answers.value = {};
    const { done } = recall(QUIZ_ID);
    remember(QUIZ_ID, { ...(done && { done }) });
  };
  return (
    <>
      <h3>Predict {questions.length} networks</h3>
      <p>
        Each was built and recorded. An answer counts once: the recording says what happened, and you read
        why.
      </p>
      <ol class="nat-quiz">
        {questions.map((question) => (
          <QuizItem
            key={question.id}
            question={question}
            answer={answers.value[question.id]}
            onAnswer={(reach) => decide(question.id, reach)}
          />
        ))}
      </ol>
      <p class="nat-score" role="status">
        {answered} of {questions.length} predicted, {right} right.
        {answered === questions.length &&
          (right === questions.length
            ? ' All of them: well done.'
            : ' Try again until all of them are right.')}
      </p>
      {answered > 0 && (
        <p>
          <button type="button" class="ps-button" onClick={again}>
            Predict again
          </button>
        </p>
      )}
    </>
  );
}

interface QuizItemProps {
  readonly question: Question;
  readonly answer: string | undefined;
  readonly onAnswer: (reach: string) => void;
}

function QuizItem({ question: { network, happened, why, cell }, answer, onAnswer }: QuizItemProps) {
  const given = isReach(answer) ? answer : undefined;
  return (
    <li data-right={given === happened || undefined}>
      <fieldset class="nat-group">
        <legend>{network}</legend>
        {given === undefined ? (
          <div class="nat-choices">
            {reaches.map((reach) => (
              <button key={reach} type="button" class="ps-button" onClick={() => onAnswer(reach)}>
                <ReachWord reach={reach} />
              </button>
            ))}
          </div>
        ) : (
          <div role="status">
            <p>
              {given === happened ? (
                <strong data-tone="good">✓ Right: </strong>
              ) : (
                <strong data-tone="bad">✕ You said “{reachNames[given].name}”; it was </strong>
              )}
              <ReachWord reach={happened} />
            </p>
            <p>{why}</p>
            <p>
              <a href={replayHref(cell)}>Open the recording</a>
            </p>
          </div>
        )}
      </fieldset>
    </li>
  );
}

function GoalCard({ goal: { id, title, task, hint, missing } }: { goal: Goal }) {
  const verdict = useSignal<string | null>(null);
  const isDone = useSignal(false);
  useEffect(() => void (isDone.value = recall(id).done !== undefined), []);
  const check = () => {
    const lack = missing(simulate(chosenPlan.value));
    verdict.value = lack ?? 'It holds. This is the network that was asked for.';
    if (lack !== undefined || isDone.value) return;
    isDone.value = true;
    remember(id, { done: { atMs: Date.now(), seen: false } });
  };
  return (
    <div class="nat-goal" data-goal={id}>
      <h4>
        {title} {isDone.value && <span data-tone="good">✓ done</span>}
      </h4>
      <p>{task}</p>
      <details>
        <summary>Hint</summary>
        <p>{hint}</p>
      </details>
      <p class="nat-cell-actions">
        <button type="button" class="ps-button" onClick={check}>
          Check my network
        </button>
        <button type="button" class="ps-button" onClick={() => putOnStage(chosenPlan.value)}>
          Go to the simulator
        </button>
      </p>
      <p role="status">{verdict.value}</p>
    </div>
  );
}
