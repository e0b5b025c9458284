import { afterEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import '../../styles/tokens.css';
import { record } from './model/record.fixture.ts';
import { allocation, wireRecord, wireSteps } from './model/wire.fixture.ts';
import { LadderPanel } from './ladder.tsx';
import { drawn, mount, unmountAll, viewOf } from './view.fixture.tsx';
import { WirePanel } from './wire.tsx';

afterEach(unmountAll);

const rowsOf = (place: HTMLElement) =>
  [...place.querySelectorAll('.ps-wire-row .ps-hidden')].map((row) => row.textContent);
const named = (place: HTMLElement, role: string, name: string) => {
  const found = place.querySelector<HTMLElement>(`[role=${role}][aria-label="${name}"]`);
  if (!found) throw new Error(`no ${name}`);
  return found;
};
const marked = (place: HTMLElement) =>
  [...place.querySelectorAll<HTMLElement>('.ps-byte-digits [data-marked]')]
    .map(({ textContent }) => textContent)
    .join(' ');

/** The panel with a message chosen, its parts there. */
async function choose(title: string, width = 900) {
  const list = wireRecord();
  const view = viewOf(list);
  const place = mount(WirePanel, view, width);
  await drawn();
  const entry = list.find((one) => one.kind === 'wire-message' && titleOf(one.bytes) === title);
  view.focus.value = entry?.seq ?? null;
  await expect.poll(() => place.querySelector('.ps-bytes')).not.toBeNull();
  return { place, view };
}
/** The type of a message by its first two bytes. */
const titleOf = (bytes: string) =>
  ({
    '\u0000\u0003': 'Allocate request',
    '\u0001\u0003': 'Allocate success',
    '\u0001\u0013': 'Allocate error',
  })[atob(bytes).slice(0, 2)];

test('before anything has crossed, it says what will show here', async () => {
  const place = mount(WirePanel, viewOf([]));
  await drawn();
  expect(place.textContent).toContain('Each one that the server of this page gets and sends');
});

test('lists the messages with who sent them, and filters them', async () => {
  const place = mount(WirePanel, viewOf(wireRecord()), 900);
  await drawn();
  const [, method] = place.querySelectorAll('select');
  await userEvent.selectOptions(method!, 'Allocate');
  await drawn();
  expect(rowsOf(place).map((row) => row?.replace(/, at .*/, ''))).toEqual([
    'alice to server: Allocate request',
    'bob to server: Allocate request',
    expect.stringMatching(/^server to alice: Allocate error 401, after 0\.\d ms$/),
    'alice to server: Allocate request',
    expect.stringMatching(/^server to bob: Allocate error 401/),
    'bob to server: Allocate request',
    expect.stringMatching(/^server to bob: Allocate success/),
    expect.stringMatching(/^server to alice: Allocate success/),
  ]);
  await userEvent.click(place.querySelector('input[type=checkbox]')!);
  await drawn();
  expect(rowsOf(place)).toHaveLength(2);
});

test('by keyboard, a field marks its bytes and a byte its field, and both are explained', async () => {
  const { place } = await choose('Allocate success');
  const fields = named(place, 'listbox', 'Fields');
  fields.focus();
  await userEvent.keyboard('{ArrowDown}');
  await drawn();
  expect(marked(place)).toBe('01 03');
  expect(place.querySelector('.ps-wire-explanation')?.textContent).toContain('Class and method');
  expect(fields.getAttribute('aria-activedescendant')).toBe(fields.querySelector('[aria-selected=true]')?.id);

  const bytes = named(place, 'listbox', 'Bytes');
  bytes.focus();
  await userEvent.keyboard('{Home}{ArrowDown}{ArrowDown}{ArrowDown}{ArrowRight}{ArrowRight}');
  await drawn();
  expect(marked(place)).toMatch(/^.. ..$/);
  expect(place.querySelector('.ps-wire-explanation')?.textContent).toMatch(
    /X-Port.* xor 0x2112 = 49185.*bytes 26 to 27/,
  );
  expect(place.querySelector('.ps-wire-field[data-marked]')?.textContent).toContain('X-Port');
});

test('pointing at a field marks its bytes while the pointer is there', async () => {
  const { place } = await choose('Allocate request');
  const field = [...place.querySelectorAll('.ps-wire-field')].find(({ textContent }) =>
    textContent?.includes('Magic cookie'),
  );
  await userEvent.hover(field!);
  await expect.poll(() => marked(place)).toBe('21 12 a4 42');
});

test('an answer leads to its request, and a filter that hides it gives way', async () => {
  const { place, view } = await choose('Allocate error');
  const [, method] = place.querySelectorAll('select');
  await userEvent.click(place.querySelector('input[type=checkbox]')!);
  await drawn();
  await userEvent.click(place.querySelector('.ps-goto')!);
  await drawn();
  expect(method?.value).toBe('');
  expect(view.entries.value.list[view.focus.value ?? -1]).toMatchObject({ way: 'received', peer: 'alice' });
  expect(place.querySelector('.ps-wire-message')?.getAttribute('aria-label')).toBe('Allocate request');
  const link = place.querySelector('.ps-wire-message a')!;
  expect(link.getAttribute('href')).toBe('https://www.rfc-editor.org/rfc/rfc8656#section-7');
});

test('the table of allocations shows what is held, and counts its times down from when they were told', async () => {
  const list = record(
    ['lab', { kind: 'allocations', list: [allocation()] }, 0],
    ['lab', { kind: 'note', text: 'later' }, 61_000],
  );
  const place = mount(WirePanel, viewOf(list), 900);
  await drawn();
  const table = place.querySelector('.ps-allocations')!;
  expect(table.textContent).toContain('1 allocation');
  expect(table.textContent).toContain('lifetime 8 min 59 s');
  expect(table.textContent).toMatch(/Permissions10\.9\.0\.1 3 min 59 s/);
  expect(table.textContent).toContain('0x4000 = 10.9.0.1:49199');
  expect(table.textContent).toContain('100 packets, 20.0 kB 90 as ChannelData');
});

test('text that came over the wire is shown as text', async () => {
  const [peer, event] = wireSteps()[0]!;
  // A Binding request whose SOFTWARE is markup.
  const bytes = btoa(
    `\u0000\u0001\u0000\u0010\u0021\u0012\u00a4\u0042${'t'.repeat(12)}\u0080\u0022\u0000\u000c<b>bold</b>!`,
  );
  const view = viewOf(record([peer, { ...event, bytes } as never]));
  const place = mount(WirePanel, view, 900);
  view.focus.value = 0;
  await expect.poll(() => place.querySelector('.ps-wire-fields')?.textContent).toContain('<b>bold</b>!');
  expect(place.querySelector('.ps-wire-fields b')).toBeNull();
});

test('fits into the width of a phone, panel and ladder', async () => {
  const { place } = await choose('Allocate success', 340);
  expect(place.scrollWidth).toBeLessThanOrEqual(340);
  const ladder = mount(LadderPanel, viewOf(wireRecord()), 340);
  await drawn();
  expect(ladder.scrollWidth).toBeLessThanOrEqual(340);
});

test('in the ladder, what is relayed is one row that opens by keyboard', async () => {
  const view = viewOf(wireRecord());
  const place = mount(LadderPanel, view, 900);
  await drawn();
  expect(place.querySelector('.ps-heads')?.textContent).toContain('STUN/TURN server');
  const folded = () =>
    [...place.querySelectorAll<HTMLElement>('[role=option]')].find((row) =>
      /through the relay/.test(row.textContent ?? ''),
    );
  const scroller = place.querySelector<HTMLElement>('[role=listbox]')!;
  scroller.focus();
  await userEvent.keyboard('{Home}');
  for (
    let step = 0;
    step < 40 && !/folded/.test(place.querySelector('[aria-selected=true]')?.textContent ?? '');
    step++
  )
    await userEvent.keyboard('{ArrowDown}');
  await drawn();
  expect(folded()?.textContent).toMatch(/\d+ packets through the relay/);
  const before = Number(folded()?.getAttribute('aria-setsize'));
  await userEvent.keyboard('{ArrowRight}');
  await drawn();
  expect(Number(folded()?.getAttribute('aria-setsize'))).toBeGreaterThan(before);
});
