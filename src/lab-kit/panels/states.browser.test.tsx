import { afterEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import '../../styles/tokens.css';
import type { RtcEvent } from '../../rtc/timeline.ts';
import { opened, record, type Step } from './model/record.fixture.ts';
import { StatesPanel } from './states.tsx';
import { drawn, mount, unmountAll, viewOf } from './view.fixture.tsx';

afterEach(unmountAll);

const alice = (event: RtcEvent): Step => ['alice', event];
const list = record(
  opened('alice'),
  opened('bob'),
  alice({ kind: 'call', call: 1, method: 'setLocalDescription', args: [] }),
  alice({ kind: 'signaling-state', state: 'have-local-offer' }),
  alice({ kind: 'connection-state', state: 'connected' }),
);

const lit = (place: HTMLElement, peer: string) =>
  place.querySelector(`[aria-label$="of ${peer}"] .ps-node[data-now]`)?.textContent;

test('the present state is lit, the way drawn with its number, and told in words with what caused it', async () => {
  const place = mount(StatesPanel, viewOf(list));
  await drawn();
  expect(lit(place, 'alice')).toBe('have-local-offer');
  expect(lit(place, 'bob')).toBe('stable');
  expect(place.querySelectorAll('.ps-edge[data-kind=taken]')).toHaveLength(1);
  expect(place.querySelector('.ps-badge')?.textContent).toContain('1');
  expect(place.querySelector('.ps-way')?.textContent).toContain('setLocalDescription()');
});

test('another machine is chosen by arrow keys; a jump is dashed', async () => {
  const place = mount(StatesPanel, viewOf(list));
  await drawn();
  place.querySelector<HTMLElement>('input[value=ice-gathering-state]')!.focus();
  for (const _ of [1, 2, 3]) await userEvent.keyboard('{ArrowDown}');
  await drawn();
  expect(lit(place, 'alice')).toBe('connected');
  expect(place.querySelectorAll('.ps-edge[data-jump]')).toHaveLength(1);
  expect(place.querySelector('.ps-way')?.textContent).toContain('the standard draws no such edge');
});

test('another panel asks for a machine of a peer: it is drawn, marked and focused', async () => {
  const view = viewOf(list);
  const place = mount(StatesPanel, view);
  await drawn();
  view.target.value = { panel: 'states', peer: 'bob', machine: 'connection-state' };
  await drawn();
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Connection of bob');
  expect(place.querySelectorAll('[data-marked]')).toHaveLength(1);
});

test('at an earlier entry the machines stand where they stood', async () => {
  const view = viewOf(list);
  const place = mount(StatesPanel, view);
  view.focus.value = 1;
  await drawn();
  expect(lit(place, 'alice')).toBe('stable');
});
