import { afterEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import '../../styles/tokens.css';
import { FaultBoard } from '../../rtc/faults/board.ts';
import type { FaultPlan } from '../../rtc/faults/plan.ts';
import { FaultsPanel } from './faults.tsx';
import { record } from './model/record.fixture.ts';
import { drawn, mount, unmountAll, viewOf } from './view.fixture.tsx';

afterEach(unmountAll);

const plan: FaultPlan = {
  seed: 7,
  rules: [{ message: 'answer', from: 'bob', to: 'alice', fault: { do: 'drop' } }],
};

/** The panel with a board, as in a lab. */
function withBoard(width?: number) {
  const board = new FaultBoard();
  const view = { ...viewOf(), faults: { board, again: () => {}, link: () => '' } };
  return { board, place: mount(FaultsPanel, view, width) };
}

const labelled = (place: HTMLElement, label: string) =>
  place.querySelector<HTMLElement>(`[aria-label="${label}"]`)!;
const button = (place: HTMLElement, text: string) =>
  [...place.querySelectorAll('button')].find(({ textContent }) => textContent?.includes(text))!;

test('a rule is a sentence whose parts can be chosen, and what makes no sense any more falls away', async () => {
  const { board, place } = withBoard();
  await userEvent.click(button(place, 'Only relay candidates'));
  expect(board.plan.rules).toEqual([
    { message: 'candidate', candidateType: 'not-relay', fault: { do: 'drop' } },
  ]);
  await userEvent.selectOptions(labelled(place, 'Which message'), 'offer');
  await userEvent.selectOptions(labelled(place, 'In which direction'), 'alice→bob');
  await userEvent.selectOptions(labelled(place, 'What happens to it'), 'fingerprint');
  await userEvent.selectOptions(labelled(place, 'How often'), 'nth');
  expect(board.plan.rules).toEqual([
    {
      message: 'offer',
      from: 'alice',
      to: 'bob',
      fault: { do: 'alter', what: 'fingerprint' },
      often: { is: 'nth', nth: 1 },
    },
  ]);
  await userEvent.selectOptions(labelled(place, 'Which message'), 'candidate');
  expect(board.plan.rules[0]?.fault).toEqual({ do: 'hold' });
  await userEvent.click(labelled(place, 'Remove fault 1'));
  expect(board.plan.rules).toEqual([]);
});

test('a number out of its range becomes the nearest that is allowed', async () => {
  const { board, place } = withBoard();
  await userEvent.click(button(place, 'A rule of my own'));
  const field = labelled(place, 'Delay in milliseconds') as HTMLInputElement;
  await userEvent.fill(field, '99999999');
  await userEvent.tab();
  expect(field.value).toBe('60000');
  await userEvent.fill(field, '');
  await userEvent.tab();
  expect(field.value).toBe('60000');
  expect(board.plan.rules[0]?.fault).toEqual({ do: 'delay', delayMs: 60_000 });
});

test('a replay tells what was set and what was done, up to the entry in focus', async () => {
  const view = viewOf(
    record(
      ['lab', { kind: 'run-started', lab: 'test', arrangement: 'one-page', faults: plan }],
      [
        'lab',
        { kind: 'fault', fault: 'dropped', text: 'bob’s answer to alice is dropped', id: 'x', rule: 0 },
      ],
    ),
  );
  const place = mount(FaultsPanel, view);
  expect(place.textContent).toContain('with the seed 7');
  expect(place.textContent).toContain('When an answer goes from bob to alice: drop it acted 1×');
  expect(place.textContent).toContain('bob’s answer to alice is dropped');
  view.focus.value = 0;
  await drawn();
  expect(place.textContent).toContain('has not acted yet');
  expect(place.querySelector('select, input')).toBe(null);
});

test('nothing is wider than a phone', async () => {
  const { board, place } = withBoard(340);
  board.plan = {
    seed: 1,
    rules: [
      {
        message: 'candidate',
        candidateType: 'not-relay',
        from: 'alice',
        to: 'bob',
        fault: { do: 'delay', delayMs: 60_000, jitterMs: 60_000, overtaken: true },
        often: { is: 'sometimes', probability: 0.5 },
      },
    ],
  };
  await drawn();
  const right = place.getBoundingClientRect().right + 1;
  expect([...place.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > right)).toEqual(
    [],
  );
});
