import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import '../../styles/tokens.css';
import { Bench, type Seat } from '../../rtc/bench.ts';
import { connected, openPeer } from '../../rtc/peer.ts';
import { openSyntheticMedia } from '../../rtc/media/synthetic.ts';
import { openLoopback } from '../../rtc/signaling/loopback.ts';
import { CandidatesPanel } from './candidates.tsx';
import { described, record, sdp } from './model/record.fixture.ts';
import { SdpPanel } from './sdp.tsx';
import { StatesPanel } from './states.tsx';
import { StatsPanel } from './stats.tsx';
import { TilesPanel } from './tiles.tsx';
import { drawn, mount, unmountAll, viewOf } from './view.fixture.tsx';

let end: AbortController;
beforeEach(() => void (end = new AbortController()));
afterEach(() => {
  end.abort();
  unmountAll();
  vi.restoreAllMocks();
});

function openBench(): Bench {
  const bench = new Bench({
    lab: 'test',
    arrangement: 'one-page',
    controls: {},
    seats: [
      { self: 'alice', other: 'bob', offers: true },
      { self: 'bob', other: 'alice', offers: false },
    ],
    openMedia: (peer, signal) => Promise.resolve(openSyntheticMedia({ peer, signal }).stream),
    signal: end.signal,
  });
  bench.attach(openLoopback(end.signal));
  return bench;
}

/** One seat of a real call in this page. */
async function call(bench: Bench, { self, other, offers }: Seat): Promise<void> {
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);
  const stream = await bench.openMedia(self);
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote));
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  const describe = async () => {
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  };
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    return signal.description.type === 'offer' ? describe() : undefined;
  });
  if (offers) await describe();
  await connected(pc, bench);
}

async function callInView() {
  const view = viewOf();
  const bench = openBench();
  view.bench.value = bench;
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
  view.show(bench.timeline.entries);
  return { view, bench };
}

const press = async (key: string) => {
  await userEvent.keyboard(`{${key}}`);
  await drawn();
};

test('the first decoded frame of each peer is recorded once', async () => {
  const view = viewOf();
  const place = mount(TilesPanel, view);
  const bench = openBench();
  view.bench.value = bench;
  await drawn();
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
  await Promise.all(['alice', 'bob'].map((peer) => bench.timeline.until({ kind: 'first-frame', peer })));
  // The panel goes and comes back, as when a person looks at another one.
  unmountAll();
  mount(TilesPanel, view);
  await vi.waitFor(() => expect(document.querySelector('video')!.readyState).toBeGreaterThan(2));
  await drawn();
  expect(bench.timeline.entries.filter(({ kind }) => kind === 'first-frame')).toHaveLength(2);
  expect(place.isConnected).toBe(false);
});

test('pictures are silent until a person turns the sound on', async () => {
  const { view } = await callInView();
  const place = mount(TilesPanel, view);
  await drawn();
  const [remote, local] = place.querySelectorAll('video');
  const button = place.querySelector('button')!;
  expect([remote!.muted, local!.muted, button.ariaPressed]).toEqual([true, true, 'false']);
  button.click();
  await drawn();
  expect([remote!.muted, local!.muted, button.ariaPressed]).toEqual([false, true, 'true']);
});

test('where the browser does not start playback, a button does', async () => {
  const view = viewOf();
  const place = mount(TilesPanel, view);
  const bench = openBench();
  const play = vi
    .spyOn(HTMLMediaElement.prototype, 'play')
    .mockRejectedValue(new DOMException('no gesture yet', 'NotAllowedError'));
  view.bench.value = bench;
  await bench.openMedia('alice');
  await vi.waitFor(() => expect(place.querySelector('.ps-blocked')).not.toBeNull());
  play.mockRestore();
  place.querySelector<HTMLElement>('.ps-blocked button')!.click();
  await vi.waitFor(() => expect(place.querySelector('.ps-blocked')).toBeNull());
});

test('boxes keep their place before, while and after there is a picture', async () => {
  const view = viewOf();
  const place = mount(TilesPanel, view);
  await drawn();
  const before = place.getBoundingClientRect().height;
  const bench = openBench();
  view.bench.value = bench;
  await bench.openMedia('alice');
  await drawn();
  expect(place.getBoundingClientRect().height).toBe(before);
});

test('every line of a real offer and answer is explained by keyboard', async () => {
  const { view, bench } = await callInView();
  const place = mount(SdpPanel, view);
  await drawn();
  for (const side of ['offer', 'answer']) {
    const lines = [...place.querySelectorAll<HTMLElement>(`[data-line^=${side}-]`)];
    const type = bench.timeline.entries.find((entry) => entry.kind === 'description' && entry.type === side);
    expect(lines.length).toBe(type?.kind === 'description' ? type.sdp.trimEnd().split('\n').length : -1);
    lines[0]!.focus();
    await drawn();
    for (let number = 1; number <= 12; number++) {
      const area = place.querySelector('.ps-explanation')!;
      expect(area.textContent).toContain(`${side}, line ${number}`);
      expect(area.querySelector('p:nth-child(2)')?.textContent.length).toBeGreaterThan(10);
      await press('ArrowDown');
    }
  }
  expect(place.querySelectorAll('.ps-sdp-line[tabindex="0"]')).toHaveLength(1);
}, 20_000);

test('left and right go to the line of the other side that is about the same thing', async () => {
  const { view } = await callInView();
  const place = mount(SdpPanel, view);
  await drawn();
  const setup = [...place.querySelectorAll<HTMLElement>('[data-line^=offer-]')].find(({ textContent }) =>
    textContent.includes('a=setup'),
  )!;
  setup.focus();
  await press('ArrowRight');
  expect(document.activeElement?.textContent).toContain('a=setup:active');
  expect(document.activeElement?.getAttribute('data-line')).toContain('answer-');
});

test('plain lines show at once, colours come from the worker, and the text stays the same', async () => {
  const { view } = await callInView();
  const place = mount(SdpPanel, view);
  await drawn();
  const text = () =>
    [...place.querySelectorAll('.ps-sdp-text')].map(({ textContent }) => textContent).join('\n');
  const plain = text();
  expect(plain).toContain('a=rtpmap:');
  await vi.waitFor(
    () => expect(place.querySelectorAll('[class^=ps-token-]').length).toBeGreaterThan(50),
    10_000,
  );
  expect(text()).toBe(plain);
}, 15_000);

test('markup in a description is text', async () => {
  const markup = '<img src=x onerror="globalThis.harmed = true">';
  const list = record(
    described('bob', 'remote', 'offer', sdp(2, 1, `a=x:${markup}\r\na=rtpmap:96 ${markup}\r\n`)),
  );
  const place = mount(SdpPanel, viewOf(list));
  await drawn();
  const lines = [...place.querySelectorAll<HTMLElement>('.ps-sdp-line')];
  expect(lines.some(({ textContent }) => textContent.includes(markup))).toBe(true);
  for (const line of lines) {
    line.focus();
    await drawn();
  }
  expect(place.querySelector('img')).toBeNull();
  expect(place.textContent).toContain('bob has not answered yet');
});

test('text that is no description is shown with the reason', async () => {
  const place = mount(SdpPanel, viewOf(record(described('bob', 'remote', 'offer', 'hello <b>bob</b>'))));
  await drawn();
  expect(place.textContent).toContain('starts with the line "v=0"');
  expect(place.querySelector('b')).toBeNull();
});

test('states, candidates and statistics of a real call, and as they were at an earlier moment', async () => {
  const { view, bench } = await callInView();
  await bench.timeline.until({ kind: 'selected-candidate-pair', peer: 'bob' });
  await bench.timeline.until({ kind: 'stats', peer: 'alice' });
  view.show();
  const states = mount(StatesPanel, view);
  const candidates = mount(CandidatesPanel, view);
  const stats = mount(StatsPanel, view);
  await drawn();
  expect(states.querySelector('[aria-live]')?.textContent).toBe('alice connected, bob connected');
  expect(candidates.querySelectorAll('[data-selected]').length).toBeGreaterThan(0);
  expect(candidates.textContent).toContain('end of candidates');
  expect(stats.textContent).toContain('sends');

  view.focus.value = bench.timeline.entries.find(({ kind }) => kind === 'signal-sent')!.seq;
  await drawn();
  expect(states.querySelector('[aria-live]')?.textContent).toContain('alice new');
  expect(candidates.textContent).not.toContain('end of candidates');
  expect(stats.textContent).toContain('once a second');
});

test('charts show what getStats() said last, and a click takes every panel to that moment', async () => {
  const { view, bench } = await callInView();
  const samples = () => bench.timeline.entries.filter(({ kind, peer }) => kind === 'stats' && peer === 'bob');
  await vi.waitFor(() => expect(samples().length).toBeGreaterThanOrEqual(3), 10_000);
  const pc = bench.connections.get('bob')!;
  view.show();
  const place = mount(StatsPanel, view);
  await drawn();
  const choose = (label: string) =>
    [...place.querySelectorAll('label')].find(({ textContent }) => textContent === label)!;
  choose('bob').click();
  await drawn(); // alice's charts are gone
  await vi.waitFor(() => expect(place.querySelectorAll('.ps-canvas canvas')).toHaveLength(4), 10_000);
  const last = samples().at(-1)!;
  if (last.kind !== 'stats') throw new Error('no sample');
  const video = last.sample.inbound.find(({ kind }) => kind === 'video')!;
  const legend = (name: string) =>
    [...place.querySelectorAll('.ps-chart li')].find(({ textContent }) => textContent.includes(name))
      ?.textContent;
  expect(legend('receives video, height')).toContain(`${video.frameHeight} px`);
  const report = [...(await pc.getStats()).values()].find(
    (stat) => stat.type === 'inbound-rtp' && stat.kind === 'video',
  );
  expect(video.frameHeight).toBe(report.frameHeight);

  // Something is drawn: the canvas has pixels in the colour of the sender.
  const canvas = place.querySelector('canvas')!;
  const pixels = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
  expect(pixels.some((value) => value > 0)).toBe(true);

  const over = place.querySelector<HTMLElement>('.u-over')!;
  const box = over.getBoundingClientRect();
  over.dispatchEvent(
    new MouseEvent('mousedown', { bubbles: true, button: 0, clientX: box.right - 2, clientY: box.top + 20 }),
  );
  await drawn();
  expect(view.focus.value).toBe(last.seq);

  const slider = place.querySelector<HTMLInputElement>('input[type=range]')!;
  slider.focus();
  await press('Home');
  expect(slider.getAttribute('aria-valuetext')).toContain('sample 1 of');
  expect(place.querySelectorAll('.ps-marks button').length).toBeGreaterThan(0);
}, 25_000);

test('a chart that the browser has no numbers for says so, and the target chooses the stream', async () => {
  const sample = {
    atMs: 0,
    outbound: [{ ssrc: 1, kind: 'video', mid: '1', bitrateBps: 5, bytesSent: 0, packetsSent: 0 }],
    inbound: [],
  } as const;
  const view = viewOf(
    record(...Array.from({ length: 4 }, (_, i) => ['alice', { kind: 'stats', sample }, i * 1000] as const)),
  );
  const place = mount(StatsPanel, view);
  await drawn();
  expect(place.querySelector('.ps-untold')?.textContent).toBe(
    'This browser does not tell round trips and jitter here.',
  );
  view.target.value = { panel: 'stats', peer: 'alice', mid: '1' };
  await drawn();
  expect(place.querySelector<HTMLSelectElement>('.ps-select select')?.value).toBe('mid 1');
  place.querySelector<HTMLElement>('.ps-numbers summary')!.click();
  await vi.waitFor(() => expect(place.querySelector('.ps-numbers table')?.textContent).toContain('5 bit/s'));
});

test('before any run each panel says what will appear', async () => {
  for (const Panel of [SdpPanel, StatesPanel, CandidatesPanel, StatsPanel]) {
    const place = mount(Panel, viewOf());
    await drawn();
    expect(place.querySelector('.ps-empty')?.textContent.length).toBeGreaterThan(60);
  }
});
