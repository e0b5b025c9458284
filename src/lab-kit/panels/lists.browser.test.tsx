import { afterEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import '../../styles/tokens.css';
import type { Entry } from '../../rtc/timeline.ts';
import { LadderPanel } from './ladder.tsx';
import { candidateReceived, candidateSent, record } from './model/record.fixture.ts';
import { TimelinePanel } from './timeline.tsx';
import { drawn, mount, unmountAll, viewOf } from './view.fixture.tsx';

afterEach(unmountAll);

const twoSignals = () =>
  record(
    ['lab', { kind: 'run-started', lab: 'test', arrangement: 'one-page' }],
    candidateSent('alice', 'bob', 'a'),
    ['alice', { kind: 'signaling-state', state: 'have-local-offer' }],
    candidateReceived('bob', 'alice', 'a'),
  );

function many(count: number): Entry[] {
  return record(
    ...Array.from({ length: count }, (_, i) =>
      i % 2 === 0 ? candidateSent('alice', 'bob', `${i}`) : candidateReceived('bob', 'alice', `${i - 1}`),
    ),
  );
}

const options = (place: HTMLElement) => [...place.querySelectorAll<HTMLElement>('[role=option]')];
const said = (option: Element | null | undefined) => option?.querySelector('.ps-hidden')?.textContent;
const spoken = (place: HTMLElement) => options(place).map(said);
const list = (place: HTMLElement) => place.querySelector<HTMLElement>('[role=listbox]')!;
const activeOption = (place: HTMLElement) =>
  document.getElementById(list(place).getAttribute('aria-activedescendant') ?? '');

test('the ladder shows the run in order, each signal as one arrow', async () => {
  const place = mount(LadderPanel, viewOf(twoSignals()));
  await drawn();
  expect(spoken(place)).toEqual([
    'lab: run started, at 0.0 milliseconds',
    'alice: sends candidate host udp to bob, arrived after 20.0 milliseconds, at 10.0 milliseconds',
    'alice: signalingState: have-local-offer, at 20.0 milliseconds',
    'bob: receives candidate host udp from alice, at 30.0 milliseconds',
  ]);
  expect(place.querySelectorAll('.ps-arrow')).toHaveLength(1);
  expect(place.querySelectorAll('.ps-arrow-tip')).toHaveLength(1);
});

test('arrow keys step through the run, Home and End leap, Escape returns to now', async () => {
  const view = viewOf(twoSignals());
  const place = mount(LadderPanel, view);
  await drawn();
  list(place).focus();
  const press = async (key: string) => {
    await userEvent.keyboard(`{${key}}`);
    await drawn();
    return view.focus.value;
  };
  expect(await press('ArrowUp')).toBe(3);
  expect(await press('ArrowUp')).toBe(2);
  expect(said(activeOption(place))).toContain('have-local-offer');
  expect(place.querySelector('.ps-details')?.textContent).toContain('waits for an answer');
  expect(await press('Home')).toBe(0);
  expect(await press('End')).toBe(3);
  expect(await press('Escape')).toBeNull();
  expect(list(place).hasAttribute('aria-activedescendant')).toBe(false);
});

test('Enter opens the text of the chosen entry', async () => {
  const view = viewOf(twoSignals());
  const place = mount(LadderPanel, view);
  view.focus.value = 1;
  await drawn();
  list(place).focus();
  await userEvent.keyboard('{Enter}');
  await drawn();
  expect(place.querySelector('details')?.open).toBe(true);
  expect(place.querySelector('pre')?.textContent).toContain('candidate:1 1 udp');
});

test('a signal whose other end is elsewhere goes to that lifeline, half of it unseen; a lost one ends in a cross', async () => {
  const sent = record(candidateSent('alice', 'bob', 'a'), ['lab', { kind: 'run-ended', why: 'stopped' }]);
  const elsewhere = mount(LadderPanel, viewOf(sent, { hosted: ['alice'] }));
  const lost = mount(LadderPanel, viewOf(sent));
  await drawn();
  expect(elsewhere.querySelectorAll('.ps-unseen')).toHaveLength(1);
  expect(elsewhere.querySelector('.ps-cross')).toBeNull();
  expect(lost.querySelector('.ps-cross')).not.toBeNull();
  expect(lost.textContent).toContain('has not arrived');
});

test.each([
  ['ladder', LadderPanel],
  ['timeline', TimelinePanel],
])(
  '10 000 entries: the %s keeps a bounded number of rows and draws few new ones on scrolling',
  async (_, Panel) => {
    const place = mount(Panel, viewOf(many(10_000)));
    await drawn();
    const scroller = list(place);
    expect(options(place).length).toBeLessThan(60);
    expect(options(place).at(-1)?.ariaPosInSet).toBe('10000');

    let added = 0;
    const observer = new MutationObserver((records) => {
      for (const { addedNodes } of records) added += addedNodes.length;
    });
    observer.observe(place, { subtree: true, childList: true });
    for (let step = 0; step < 10; step++) {
      scroller.scrollTop -= 120; // a notch of a wheel
      await drawn();
      expect(options(place).length).toBeLessThan(60);
    }
    observer.disconnect();
    expect(added).toBeLessThan(10 * 40);

    scroller.scrollTop = 100_000;
    await drawn();
    const box = scroller.getBoundingClientRect();
    const visible = options(place).filter((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return bottom > box.top && top < box.bottom;
    });
    expect(visible.length * visible[0]!.offsetHeight).toBeGreaterThanOrEqual(scroller.clientHeight);
  },
);

test('it follows the newest entry until the person scrolls up, and again after «Back to now»', async () => {
  const entries = many(200);
  const view = viewOf(entries.slice(0, 100));
  const place = mount(LadderPanel, view);
  await drawn();
  const scroller = list(place);
  const isAtEnd = () => scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1;
  view.show(entries.slice(0, 150));
  await drawn();
  expect(isAtEnd()).toBe(true);

  scroller.scrollTop -= 600;
  await drawn();
  const { scrollTop } = scroller;
  view.show(entries);
  await drawn();
  expect(scroller.scrollTop).toBe(scrollTop);

  place.querySelector<HTMLElement>('.ps-to-now')!.click();
  await drawn();
  expect(isAtEnd()).toBe(true);
  expect(place.querySelector('.ps-to-now')).toBeNull();
});

test('a burst of candidates opens and folds by keyboard', async () => {
  const view = viewOf(many(12));
  const place = mount(LadderPanel, view);
  place.querySelector<HTMLInputElement>('input[value=signals]')!.click();
  await drawn();
  expect(spoken(place)).toEqual([
    'alice: 6 candidates to bob, folded, Enter opens them, at 0.0 milliseconds',
  ]);
  list(place).focus();
  await userEvent.keyboard('{ArrowDown}{ArrowRight}');
  await drawn();
  expect(options(place)).toHaveLength(13);
  expect(view.focus.value).toBe(0);
  await userEvent.keyboard('{ArrowDown}{ArrowLeft}');
  await drawn();
  expect(options(place)).toHaveLength(1);
});

test('the choice passes over a break', async () => {
  const view = viewOf(
    record(['lab', { kind: 'note', text: 'a' }, 0], ['lab', { kind: 'note', text: 'b' }, 3000]),
  );
  const place = mount(LadderPanel, view);
  await drawn();
  expect(spoken(place)[1]).toBe('nothing for 3.0 s');
  list(place).focus();
  await userEvent.keyboard('{Home}{ArrowDown}');
  expect(view.focus.value).toBe(1);
  await userEvent.keyboard('{ArrowUp}');
  expect(view.focus.value).toBe(0);
});

test('a message that has just been sent is seen on its way, one that is long past is not', async () => {
  const entries = many(4);
  const later = entries.splice(2);
  const view = viewOf(entries);
  const place = mount(LadderPanel, view);
  await drawn();
  expect(place.querySelectorAll('.ps-traveller')).toHaveLength(0);
  entries.push(...later);
  view.show();
  await drawn();
  const dots = place.querySelectorAll('.ps-traveller');
  expect(dots).toHaveLength(1);
  expect(getComputedStyle(dots[0]!).animationDuration).toBe('0.48s');
  document.documentElement.style.setProperty('--ps-travel', '0ms'); // as where less motion is asked for
  await Promise.all(dots[0]!.getAnimations().map(({ finished }) => finished));
  expect(getComputedStyle(dots[0]!).opacity).toBe('0');
  document.documentElement.style.removeProperty('--ps-travel');
});

test('rows are as high as the style sheet says, also when that changes', async () => {
  const place = mount(LadderPanel, viewOf(many(6)));
  await drawn();
  expect(options(place)[0]!.offsetHeight).toBe(38);
  document.documentElement.style.setProperty('--ps-row', '54px');
  await drawn();
  expect(options(place)[0]!.offsetHeight).toBe(54);
  document.documentElement.style.removeProperty('--ps-row');
});

test('text of the other side is text, whatever it holds', async () => {
  const markup = '<img src=x onerror="globalThis.harmed = true">';
  const view = viewOf(
    record(
      ['alice', { kind: 'error', code: 'unexpected', detail: markup }],
      ['bob', { kind: 'data-message', label: markup, side: 'received', sizeBytes: 3, preview: markup }],
      candidateReceived('bob', 'alice', 'a', markup),
    ),
  );
  const place = mount(TimelinePanel, view);
  for (const seq of [0, 1, 2]) {
    view.focus.value = seq;
    await drawn();
    expect(place.querySelector('.ps-details pre')?.textContent).toBe(markup);
  }
  expect(place.querySelector('img')).toBeNull();
  expect(place.textContent).toContain(`received on “${markup}”`);
});

test('the timeline filters by peer and by kind', async () => {
  const place = mount(TimelinePanel, viewOf(twoSignals()));
  await drawn();
  expect(options(place)).toHaveLength(4);
  const toggle = [...place.querySelectorAll('button')].find(({ textContent }) =>
    textContent.startsWith('Signals'),
  )!;
  toggle.click();
  await drawn();
  expect(toggle.ariaPressed).toBe('false');
  expect(options(place)).toHaveLength(2);
  await userEvent.selectOptions(place.querySelector('select')!, 'alice');
  await drawn();
  expect(spoken(place)).toEqual([
    'alice, signaling-state: signalingState: have-local-offer, at 20.0 milliseconds',
  ]);
});
