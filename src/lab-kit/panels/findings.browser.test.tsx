import { afterEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import '../../styles/tokens.css';
import type { Entry } from '../../rtc/timeline.ts';
import { FindingsPanel } from './findings.tsx';
import { opened, record, type Step } from './model/record.fixture.ts';
import { drawn, mount, unmountAll, viewOf } from './view.fixture.tsx';

afterEach(unmountAll);

const started: Step = ['lab', { kind: 'run-started', lab: 'test', arrangement: 'one-page' }, 0];
const refused = (): Entry[] =>
  record(
    started,
    opened('alice'),
    [
      'alice',
      { kind: 'call', call: 1, method: 'setRemoteDescription', args: ['answer, 500 characters of SDP'] },
    ],
    [
      'alice',
      {
        kind: 'call-settled',
        call: 1,
        method: 'setRemoteDescription',
        outcome: {
          ok: false,
          name: 'InvalidStateError',
          message: 'Called in wrong state: stable <b>bold</b>',
        },
        tookMs: 2,
      },
    ],
    ['alice', { kind: 'connection-state', state: 'connected' }],
  );
const items = (place: HTMLElement) => [...place.querySelectorAll<HTMLElement>('li')];

test('a finding has its severity in words, the browser’s words as text, its time and its lesson', async () => {
  const place = mount(FindingsPanel, viewOf(refused()));
  await drawn();
  const [problem, good] = items(place);
  expect(problem?.textContent).toContain('Problem');
  expect(problem?.textContent).toContain('wrong state: stable <b>bold</b>');
  expect(problem?.querySelector('b')).toBeNull();
  expect(problem?.querySelector('a')?.getAttribute('href')).toBe('/lessons/signaling/by-hand/');
  expect(problem?.querySelector('.ps-peer')?.textContent).toBe('alice');
  expect(good?.textContent).toContain('Good');
  expect(place.querySelector('[aria-live]')?.textContent).toBe('1 problem, 0 notices');
});

test('by keyboard, a finding takes every panel to its moment and back to now', async () => {
  const view = viewOf(refused());
  const place = mount(FindingsPanel, view);
  await drawn();
  place.querySelector('button')?.focus();
  await userEvent.keyboard('{Enter}');
  await drawn();
  expect(view.focus.value).toBe(3);
  // The whole run is judged still: the list does not change under the reader's hand.
  expect(items(place)).toHaveLength(2);
  expect(place.querySelector('button')?.getAttribute('aria-pressed')).toBe('true');
  await userEvent.keyboard('{Enter}');
  await drawn();
  expect(view.focus.value).toBeNull();
});

test('is calm where there is nothing, before a run and in one', async () => {
  const view = viewOf([]);
  const place = mount(FindingsPanel, view);
  await drawn();
  expect(place.textContent).toContain('Start a run');
  view.show(record(started, opened('alice')));
  await drawn();
  expect(place.textContent).toContain('Nothing out of the ordinary so far');
  expect(items(place)).toEqual([]);
});

test('a run that grows is judged again within about a second', async () => {
  const list = record(started, opened('alice'));
  const view = viewOf(list);
  const place = mount(FindingsPanel, view);
  await drawn();
  list.push(...refused().slice(2));
  view.show();
  await expect.poll(() => items(place).length, { timeout: 3000 }).toBe(2);
});

test('fits into the width of a phone', async () => {
  const place = mount(FindingsPanel, viewOf(refused()), 340);
  await drawn();
  expect(place.scrollWidth).toBeLessThanOrEqual(340);
});
