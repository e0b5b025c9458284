import { render, type ComponentChild } from 'preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import '../../styles/tokens.css';
import { between } from '../../rtc/nat-sim/plan.ts';
import { ProgressStore } from '../exercise/store.ts';
import { drawn } from '../panels/view.fixture.tsx';
import { chosenPlan, THEATRE_ID } from './chosen.ts';
import { Exercises } from './exercises.tsx';
import { Matrix } from './matrix.tsx';
import type { RecordedCell, RecordingIndex } from './recordings.ts';
import { Theatre } from './theatre.tsx';

const places: HTMLElement[] = [];
function show(part: ComponentChild, width = 640): HTMLElement {
  const place = document.createElement('div');
  place.style.width = `${width}px`;
  document.body.append(place);
  places.push(place);
  render(part, place);
  return place;
}

beforeEach(() => {
  chosenPlan.value = between('port-restricted', 'symmetric', 'stun');
  localStorage.clear();
});
afterEach(() => {
  vi.unstubAllGlobals();
  for (const place of places.splice(0)) {
    render(null, place);
    place.remove();
  }
});

const button = (place: HTMLElement, name: string) => {
  const found = [...place.querySelectorAll('button')].find(({ textContent }) =>
    textContent.trim().endsWith(name),
  );
  if (!found) throw new Error(`no button “${name}”`);
  return found;
};
const press = async (place: HTMLElement, name: string) => {
  button(place, name).click();
  await drawn();
};
const said = (place: HTMLElement) => place.querySelector('.nat-stage .ps-details')?.textContent ?? '';

test('a prediction is compared with the run, and nothing is given away before', async () => {
  const place = show(<Theatre />);
  await drawn();
  expect(place.querySelector('.nat-stage')).toBeNull();
  place.querySelectorAll<HTMLInputElement>('.nat-prediction input')[1]?.click();
  await drawn();
  await press(place, 'Run and compare');
  expect(place.querySelector('.nat-outcome')?.textContent).toContain('You predicted “prflx”');
  expect(place.querySelector('.nat-outcome')?.textContent).toContain('not at all');
});

test('packets are stepped through by keyboard: the first lost one says where it ends and why', async () => {
  const place = show(<Theatre />);
  await press(place, 'Run');
  const list = place.querySelector<HTMLElement>('[role=listbox]');
  list?.focus();
  for (let step = 0; step < 40 && !said(place).includes('lost at alice’s router'); step++) {
    await userEvent.keyboard('{ArrowDown}');
    await drawn();
  }
  expect(said(place)).toContain('nobody behind port');
  expect(place.querySelector('.nat-cross')).not.toBeNull();
  expect(list?.getAttribute('aria-activedescendant')).toBe(place.querySelector('[aria-selected=true]')?.id);
  await userEvent.keyboard('{End}');
  await drawn();
  expect(said(place)).toContain('has failed');
  await userEvent.keyboard('{Home}');
  await drawn();
  expect(said(place)).toContain('has a candidate');
});

test('rows appear in the tables as packets make them', async () => {
  const place = show(<Theatre />);
  await press(place, 'Run');
  const rows = () =>
    [...place.querySelectorAll('.nat-table')].map(
      (table) => table.querySelectorAll('tbody tr td:first-child:not([colspan])').length,
    );
  expect(rows()).toEqual([0, 0]);
  await press(place, 'Next');
  expect(rows()).toEqual([1, 0]);
  expect(place.querySelector('[data-used]')?.textContent).toContain('new');
  await press(place, 'the end');
  expect(rows()[0]).toBe(1);
  expect(rows()[1]).toBeGreaterThan(2);
});

test('another network is another question: the run is put away', async () => {
  const place = show(<Theatre />);
  await press(place, 'Run');
  const [kind] = place.querySelectorAll('select');
  if (!kind) throw new Error('no choice');
  await userEvent.selectOptions(kind, 'address-restricted');
  await drawn();
  expect(place.querySelector('.nat-stage')).toBeNull();
  await press(place, 'Run');
  expect(place.querySelector('.nat-outcome')?.textContent).toContain('prflx');
});

test('where less motion is asked for, a packet is at its end at once', async () => {
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  const place = show(<Theatre />);
  await press(place, 'Run');
  await press(place, 'Next');
  expect(place.querySelector('.nat-packet')?.getAnimations()).toEqual([]);
});

test('nothing is wider than a phone, with the largest network and a relay', async () => {
  const cone = between('port-restricted', 'port-restricted', 'turn');
  if (!cone.a) throw new Error('no NAT');
  chosenPlan.value = { ...cone, carrier: { behaviour: cone.a, serves: 'both' } };
  const place = show(<Theatre />, 358);
  await press(place, 'Run');
  await press(place, 'the end');
  expect(place.scrollWidth).toBeLessThanOrEqual(358);
});

const cell = (
  a: RecordedCell['a'],
  b: RecordedCell['b'],
  part: Partial<RecordedCell> = {},
): RecordedCell => ({
  id: `stun-${a}-${b}`,
  a,
  b,
  servers: 'stun',
  browserB: 'chromium',
  outcome: { connected: false },
  recording: `stun-${a}-${b}.json.gz`,
  ...part,
});
const met = {
  outcome: {
    connected: true,
    a: { local: 'srflx', remote: 'prflx' },
    b: { local: 'prflx', remote: 'srflx' },
    afterMs: 190.4,
  },
} as const;
const index: RecordingIndex = {
  made: '2026-11-21T12:00:00.000Z',
  browsers: { a: 'Chromium 156', b: 'Chromium 156 or Firefox 153' },
  cells: [
    cell('port-restricted', 'port-restricted', met),
    cell('port-restricted', 'symmetric'),
    cell('symmetric', 'port-restricted'),
    cell('symmetric', 'symmetric'),
    cell('port-restricted', 'port-restricted', { id: 'same-carrier', special: 'Both behind one carrier' }),
  ],
};

test('the matrix is one stop for Tab, and arrow keys choose a cell with its recording', async () => {
  const place = show(<Matrix initial={index} />);
  await drawn();
  const cells = [...place.querySelectorAll<HTMLElement>('[role=grid] button')];
  expect(cells.map(({ textContent }) => textContent)).toEqual([
    '◐ prflx',
    '✕ not at all',
    '✕ not at all',
    '✕ not at all',
  ]);
  expect(cells.filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
  cells[0]?.focus();
  await drawn();
  const shown = () => place.querySelector('.ps-details')?.textContent ?? '';
  expect(shown()).toContain('srflx → prflx');
  expect(shown()).toContain('connected 190 ms after the offer');
  await userEvent.keyboard('{ArrowRight}');
  await drawn();
  expect(document.activeElement).toBe(cells[1]);
  expect(shown()).toContain('lets in only ports to which it has sent');
  expect(place.querySelector<HTMLAnchorElement>('.ps-details a')?.getAttribute('href')).toBe(
    '/replay/?file=%2Fnatlab%2Fstun-port-restricted-symmetric.json.gz',
  );
  expect(place.textContent).toContain('21 November 2026');
});

test('a cell puts its network on the simulator’s stage', async () => {
  chosenPlan.value = between('none', 'none', 'none');
  const stage = show(<Theatre />);
  stage.id = THEATRE_ID;
  const place = show(<Matrix initial={index} />);
  await drawn();
  place.querySelectorAll<HTMLElement>('[role=grid] button')[1]?.focus();
  await drawn();
  await press(place, 'What does the simulator say?');
  expect(chosenPlan.value).toEqual(between('port-restricted', 'symmetric', 'stun'));
  expect(document.activeElement).toBe(stage.querySelector('[data-run-simulation]'));
  const special = [...place.querySelectorAll('.nat-specials li')][0] as HTMLElement;
  await press(special, 'What does the simulator say?');
  expect(chosenPlan.value.carrier?.serves).toBe('both');
});

test('a choice in one part of the page leaves the choices of another alone', async () => {
  const stage = show(<Theatre />);
  const place = show(<Matrix initial={index} />);
  await drawn();
  const chosen = () =>
    [...stage.querySelectorAll<HTMLInputElement>('.ps-segments input')].map(({ checked }) => checked);
  expect(chosen()).toEqual([false, true, false]);
  place.querySelectorAll<HTMLInputElement>('.ps-segments input')[1]?.click();
  await drawn();
  expect(chosen()).toEqual([false, true, false]);
});

test('a list of recordings that does not come says so, and can be asked for again', async () => {
  let answers = 0;
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(answers++ === 0 ? '' : JSON.stringify(index))));
  const place = show(<Matrix />);
  await vi.waitFor(() =>
    expect(place.querySelector('[role=alert]')?.textContent).toContain('could not be loaded'),
  );
  await press(place, 'Try again');
  await vi.waitFor(() => expect(place.querySelector('[role=grid]')).not.toBeNull());
});

test('predictions are graded once, and kept in this browser', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(index))));
  const place = show(<Exercises />);
  await vi.waitFor(() => expect(place.querySelectorAll('.nat-quiz li').length).toBe(3));
  const [first, second] = place.querySelectorAll<HTMLElement>('.nat-quiz li');
  if (!first || !second) throw new Error('no questions');
  await press(first, 'prflx');
  expect(first.textContent).toContain('Right');
  await press(second, 'direct');
  expect(second.textContent).toContain('it was');
  expect(place.querySelector('.nat-score')?.textContent).toContain('2 of 3 predicted, 1 right');
  expect(new ProgressStore().read('nat-predict').answers).toEqual({
    'stun-port-restricted-port-restricted': 'prflx',
    'stun-port-restricted-symmetric': 'direct',
  });
  const again = show(<Exercises />);
  await vi.waitFor(() => expect(again.querySelector('.nat-score')?.textContent).toContain('2 of 3'));
});

test('a network is graded by what its run does, and its success is kept', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('{}')));
  const place = show(<Exercises />);
  await drawn();
  const goal = place.querySelector<HTMLElement>('[data-goal=nat-build-prflx]');
  if (!goal) throw new Error('no goal');
  await press(goal, 'Check my network');
  expect(goal.textContent).toContain('Wanted: prflx. Seen: not at all.');
  chosenPlan.value = between('address-restricted', 'symmetric', 'stun');
  await press(goal, 'Check my network');
  expect(goal.textContent).toContain('It holds');
  expect(new ProgressStore().read('nat-build-prflx').done).toMatchObject({ seen: false });
});
