import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import '../../styles/tokens.css';
import { openPeer } from '../../rtc/peer.ts';
import { Timeline } from '../../rtc/timeline.ts';
import { SdpPanel } from './sdp.tsx';
import { drawn, mount, unmountAll, viewOf } from './view.fixture.tsx';

let end: AbortController;
beforeEach(() => void (end = new AbortController()));
afterEach(() => {
  end.abort();
  unmountAll();
});

/** A data channel between two peers of this page, and a panel that shows its descriptions. */
async function open({ exchanges = 1 } = {}) {
  const timeline = new Timeline();
  const run = { timeline, signal: end.signal };
  const [alice, bob] = [openPeer('alice', run), openPeer('bob', run)];
  alice.addEventListener('icecandidate', ({ candidate }) => void bob.addIceCandidate(candidate ?? undefined));
  bob.addEventListener('icecandidate', ({ candidate }) => void alice.addIceCandidate(candidate ?? undefined));
  alice.createDataChannel('lab');
  for (let number = 1; number <= exchanges; number++) {
    if (number > 1) alice.addTransceiver('audio', { direction: 'recvonly' });
    await alice.setLocalDescription();
    await bob.setRemoteDescription(alice.localDescription!);
    await bob.setLocalDescription();
    await alice.setRemoteDescription(bob.localDescription!);
  }
  await timeline.until({ kind: 'data-channel', peer: 'alice', state: 'open' });
  await timeline.until({ kind: 'connection-state', peer: 'bob', state: 'connected' });
  const view = viewOf([...timeline.entries]);
  const place = mount(SdpPanel, view);
  await drawn();
  return { view, place, timeline };
}

const lineOf = (place: HTMLElement, start: string): HTMLElement => {
  const line = [...place.querySelectorAll<HTMLElement>('.ps-sdp-line')].find((one) =>
    one.querySelector('.ps-sdp-text')?.textContent.startsWith(start),
  );
  if (!line) throw new Error(`no line ${start}`);
  return line;
};
const outcomeIn = (place: HTMLElement) => place.querySelector<HTMLElement>('[data-outcome]');
const press = async (keys: string) => {
  await userEvent.keyboard(keys);
  await drawn();
};

test('Delete takes the line away on another pair, and tells what broke in the browser’s words', async () => {
  const { place } = await open();
  const line = lineOf(place, 'a=fingerprint');
  line.focus();
  await press('{Delete}');
  await vi.waitFor(() => expect(outcomeIn(place)?.dataset['outcome']).toBe('refused'), 8000);
  expect(outcomeIn(place)?.textContent).toContain('Called with SDP without DTLS fingerprint');
  expect(outcomeIn(place)?.textContent).toContain('disposable pair in this browser');
  expect(line.textContent).toContain('refused');
  expect(document.activeElement).toBe(line);
  expect(place.textContent).toContain('1 try so far, 1 of them broke the call');
}, 15_000);

test('nothing is tried before somebody asks, and the call that is looked at stays as it is', async () => {
  const { place, timeline } = await open();
  const before = timeline.entries.length;
  lineOf(place, 'a=setup').focus();
  await drawn();
  expect(outcomeIn(place)).toBeNull();
  await press('{Delete}');
  await vi.waitFor(() => expect(outcomeIn(place)).not.toBeNull(), 8000);
  const since = timeline.entries.slice(before).map(({ kind }) => kind);
  for (const kind of ['peer-opened', 'call', 'description', 'signaling-state', 'connection-state'])
    expect(since).not.toContain(kind);
}, 15_000);

test('F2 edits the line: bad text is refused with a reason, good text is tried', async () => {
  const { place } = await open();
  lineOf(place, 'a=fingerprint').focus();
  await press('{F2}');
  const input = place.querySelector<HTMLInputElement>('.ps-bench-form input')!;
  expect(document.activeElement).toBe(input);
  await press('{Enter}');
  expect(place.querySelector('[role=alert]')?.textContent).toBe('This is the line as it is.');
  await userEvent.fill(input, '');
  await press('{Enter}');
  expect(place.querySelector('[role=alert]')?.textContent).toContain('The line is empty');
  const line = lineOf(place, 'a=fingerprint').querySelector('.ps-sdp-text')!.textContent;
  await userEvent.fill(input, line.slice(0, -1) + (line.endsWith('0') ? '1' : '0'));
  await press('{Enter}');
  await vi.waitFor(() => expect(outcomeIn(place)?.dataset['outcome']).toBe('dtls-failed'), 10_000);
  expect(outcomeIn(place)?.querySelector('ins')?.textContent).toContain('a=fingerprint:sha-256');
  expect(document.activeElement?.textContent).toContain('a=fingerprint');
}, 20_000);

test('Escape leaves the line as it is', async () => {
  const { place } = await open();
  const line = lineOf(place, 'a=setup');
  line.focus();
  await press('{F2}');
  await press('{Escape}');
  expect(place.querySelector('.ps-bench-form')).toBeNull();
  expect(document.activeElement).toBe(line);
});

test('a second exchange shows what changed since the first, in signs, in words, and alone if wanted', async () => {
  const { place } = await open({ exchanges: 2 });
  const news = place.querySelector('[data-side=offer] .ps-sdp-news')?.textContent;
  expect(news).toContain('o= version');
  expect(news).toContain('1 m-section added: audio (mid 1).');
  const added = place.querySelectorAll('.ps-sdp-line[data-mark=added]');
  expect(added.length).toBeGreaterThan(5);
  expect(added[0]?.textContent).toContain('+');
  expect(lineOf(place, 'o=').textContent).toContain('~');
  lineOf(place, 'o=').focus();
  await drawn();
  expect(place.querySelector('.ps-explanation')?.textContent).toContain('Changed. Before: o=');

  const all = place.querySelectorAll('.ps-sdp-line').length;
  place.querySelector<HTMLInputElement>('.ps-check input')!.click();
  await drawn();
  const shown = [...place.querySelectorAll<HTMLElement>('.ps-sdp-line')];
  expect(shown.length).toBeLessThan(all);
  expect(shown.every(({ dataset }) => dataset['mark'] !== undefined)).toBe(true);
  lineOf(place, 'o=').focus();
  await press('{ArrowDown}');
  expect(document.activeElement?.getAttribute('data-mark')).not.toBeNull();
}, 15_000);

test('a line leads to where it lives on', async () => {
  const { place, view } = await open();
  lineOf(place, 'a=sctp-port').focus();
  await drawn();
  expect(place.querySelector('.ps-lives')?.textContent).toContain('Data channel “lab” of alice: open.');
  lineOf(place, 'a=fingerprint').focus();
  await drawn();
  const lives = place.querySelector('.ps-lives')!;
  expect(lives.textContent).toContain('DTLS transport of alice: connected');
  lives.querySelector('button')!.click();
  expect(view.target.value).toMatchObject({ panel: 'states', peer: 'alice' });
});
