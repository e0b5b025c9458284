import { afterEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import '../../styles/tokens.css';
import { Bench } from '../../rtc/bench.ts';
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

/** A run behind the board, without connections. */
function benchOf(board: FaultBoard) {
  const bench = new Bench({
    lab: 'test',
    arrangement: 'one-page',
    controls: {},
    seats: [
      { self: 'alice', other: 'bob', offers: true },
      { self: 'bob', other: 'alice', offers: false },
    ],
    openMedia: () => Promise.reject(new Error('no media here')),
    interference: board,
  });
  board.carry({ post: () => ({ id: 'x', taken: Promise.resolve() }), deliver: () => {} }, bench);
  return bench;
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

test('the wire is set with sliders, by keyboard, each direction by itself, and says it in words', async () => {
  const { board, place } = withBoard();
  await userEvent.click(button(place, '5 % loss + 150 ms'));
  expect(board.plan.wire).toEqual([
    { from: 'alice', to: 'bob', lossPct: 5, delayMs: 150 },
    { from: 'bob', to: 'alice', lossPct: 5, delayMs: 150 },
  ]);
  const [there] = place.querySelectorAll<HTMLElement>('.ps-direction');
  const slider = (label: string) =>
    [...there!.querySelectorAll('label')].find(({ textContent }) => textContent === label)!
      .control as HTMLInputElement;
  expect(slider('Loss').getAttribute('aria-valuetext')).toBe('5 % are lost');
  slider('Loss').focus();
  await userEvent.keyboard('{Home}');
  slider('Rate').focus();
  await userEvent.keyboard('{ArrowRight}');
  expect(board.plan.wire).toContainEqual({ from: 'alice', to: 'bob', delayMs: 150, rateKbps: 10_000 });
  slider('Queue').focus();
  await userEvent.keyboard('{End}');
  expect(there!.textContent).toContain('5000 ms at most');
  slider('Rate').focus();
  await userEvent.keyboard('{Home}');
  expect(board.plan.wire).toContainEqual({ from: 'alice', to: 'bob', delayMs: 150 });
  await userEvent.click(button(place, 'Reset'));
  expect(board.plan).toEqual({ seed: 1, rules: [] });
});

test('a run whose packets do not pass our server says so, and its sliders are off', async () => {
  const board = new FaultBoard();
  const view = { ...viewOf(), faults: { board, again: () => {}, link: () => '' } };
  const bench = benchOf(board);
  const place = mount(FaultsPanel, view);
  await drawn();
  const isOff = () => place.querySelector<HTMLFieldSetElement>('.ps-direction')!.disabled;
  expect(place.querySelector('[data-wire]')!.textContent).toContain('asks for no relay');
  expect(isOff()).toBe(true);
  board.reach({ impair: () => Promise.resolve(), onReturn: () => {} });
  await drawn();
  expect(isOff()).toBe(false);
  const goes = async (peer: string, type: 'host' | 'relay') => {
    const end = { id: 'x', type, protocol: 'udp' };
    const pair = { id: 'p', local: end, remote: end, state: 'succeeded', nominated: true, selected: true };
    bench.timeline.append(peer, { kind: 'candidate-pairs', pairs: [pair] });
    await drawn();
  };
  await goes('alice', 'host');
  expect(place.querySelector('[data-wire]')!.textContent).toContain('direct path');
  expect(isOff()).toBe(true);
  await goes('bob', 'relay');
  expect(place.querySelector('[data-wire]')!.textContent).toContain('on real packets');
  expect(isOff()).toBe(false);
  bench.close();
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
    wire: [
      {
        from: 'alice',
        to: 'bob',
        lossPct: 0.5,
        jitterMs: 1_000,
        reorderPct: 100,
        rateKbps: 10_000,
        queueMs: 5_000,
      },
    ],
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
