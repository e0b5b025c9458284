import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import '../../styles/tokens.css';
import { Bench, type Seat } from '../../rtc/bench.ts';
import { connected, openPeer } from '../../rtc/peer.ts';
import { openLoopback } from '../../rtc/signaling/loopback.ts';
import type { PairSample } from '../../rtc/stats/sample.ts';
import { CandidatesPanel } from './candidates.tsx';
import { candidateReceived, opened, record, type Step } from './model/record.fixture.ts';
import { drawn, mount, unmountAll, viewOf } from './view.fixture.tsx';

let end: AbortController;
beforeEach(() => void (end = new AbortController()));
afterEach(() => {
  end.abort();
  unmountAll();
});

const seats: Seat[] = [
  { self: 'alice', other: 'bob', offers: true },
  { self: 'bob', other: 'alice', offers: false },
];

/** A real call with a data channel; `change` may put another candidate in place of one, or take it away. */
function call(change: (candidate: string) => string | undefined = (same) => same) {
  const bench = new Bench({
    lab: 'test',
    arrangement: 'one-page',
    controls: {},
    seats,
    openMedia: () => Promise.resolve(new MediaStream()),
    signal: end.signal,
  });
  bench.attach(openLoopback(end.signal));
  const pcs = seats.map(({ self, other, offers }) => {
    const signaling = bench.signaling(self);
    const pc = openPeer(self, bench);
    pc.addEventListener('icecandidate', ({ candidate: found }) => {
      const text = found?.candidate ? change(found.candidate) : undefined;
      if (text) void signaling.send(other, { candidate: { ...found?.toJSON(), candidate: text } });
    });
    const describe = async () => {
      await pc.setLocalDescription();
      await signaling.send(other, { description: pc.localDescription });
    };
    signaling.receive(async (_, signal) => {
      if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
      await pc.setRemoteDescription(signal.description);
      return signal.description.type === 'offer' ? describe() : undefined;
    });
    if (offers) {
      pc.createDataChannel('lab');
      void describe();
    }
    return pc;
  });
  return { bench, pcs };
}

const press = async (key: string) => {
  await userEvent.keyboard(`{${key}}`);
  await drawn();
};

test('a real call: both checklists, the pair in use and why, and as it was before any check', async () => {
  const { bench, pcs } = call();
  await Promise.all(pcs.map((pc) => connected(pc, bench)));
  const view = viewOf(bench.timeline.entries);
  const place = mount(CandidatesPanel, view, 700);
  for (const { self } of seats) {
    await vi.waitFor(async () => {
      view.show();
      await drawn();
      place.querySelector<HTMLElement>(`input[value=${self}]`)!.click();
      await drawn();
      expect(place.querySelectorAll('.ps-cell[data-selected]')).toHaveLength(1);
      // While one more check is on its way Chromium says «in-progress» of the pair in use.
      expect(place.querySelector('.ps-cell[data-selected] button')?.textContent).toMatch(
        /succeeded.*nominated.*in use/,
      );
    }, 5000);
    expect(place.querySelector('.ps-why')?.textContent).toContain(
      self === 'alice' ? 'alice is controlling' : 'bob is controlled',
    );
    expect(place.querySelector('.ps-lane[data-selected]')).not.toBeNull();
  }
  view.focus.value = bench.timeline.entries.find(({ kind }) => kind === 'candidate')!.seq;
  await drawn();
  expect(place.querySelector('.ps-cell')).toBeNull();
  expect(place.textContent).toContain('No pair yet');
});

test('two candidates of one’s own against those of the other side: a cell for each, arrow keys and a reason', async () => {
  const { bench, pcs } = call();
  await Promise.all(pcs.map((pc) => connected(pc, bench)));
  await bench.timeline.until({ kind: 'selected-candidate-pair', peer: 'alice' });
  const view = viewOf(bench.timeline.entries);
  const place = mount(CandidatesPanel, view, 700);
  await drawn();
  const { length: rows } = place.querySelectorAll('.ps-matrix [role=grid] > tbody > tr');
  const { length: columns } = place.querySelectorAll('.ps-matrix thead th');
  expect(place.querySelectorAll('.ps-cell')).toHaveLength(rows * columns);
  expect(place.querySelectorAll('.ps-matrix [tabindex="0"]')).toHaveLength(1);
  place.querySelector<HTMLElement>('.ps-cell[data-selected] button')!.focus();
  await drawn();
  const explained = () => place.querySelector('.ps-ice-explanation')?.textContent;
  expect(explained()).toContain('Media and data take it');
  expect(explained()).toContain('2³² × min(G, D)');
  await press('Home');
  await press('ArrowLeft');
  expect(explained()).toContain('candidate of alice');
  expect(explained()).toContain('type preference');
});

test('candidates that are lost on the way: none arrived, nothing to check', async () => {
  const { bench } = call(() => undefined);
  await bench.timeline.until({ kind: 'end-of-candidates', peer: 'bob', side: 'local' });
  const place = mount(CandidatesPanel, viewOf(bench.timeline.entries), 700);
  await drawn();
  expect(place.textContent).toContain('no candidate of bob is here');
  expect(place.querySelectorAll('.ps-candidate').length).toBeGreaterThan(0);
});

test('addresses at which nobody answers: the checks are counted, and the sentence says that none answered', async () => {
  const { bench } = call((candidate) => candidate.replace(/\S+ \d+ typ host/, '127.0.0.1 61999 typ host'));
  const view = viewOf(bench.timeline.entries);
  const place = mount(CandidatesPanel, view, 700);
  await vi.waitFor(async () => {
    view.show();
    await drawn();
    expect(place.querySelector('.ps-why')?.textContent).toMatch(
      /none of \d+ pairs? has answered yet after \d+ request/,
    );
    expect(place.querySelector('.ps-lane-end')?.textContent).toMatch(/in-progress · \d+ sent, 0 answered/);
  }, 8000);
}, 12_000);

const host = (address: string, port: number) => `candidate:1 1 udp 2113937151 ${address} ${port} typ host`;

test('another panel asks for a candidate: it is opened, marked and focused', async () => {
  const text = host('192.0.2.7', 50_007);
  const view = viewOf(record(opened('alice'), candidateReceived('alice', 'bob', 'a', text)));
  const place = mount(CandidatesPanel, view);
  await drawn();
  view.target.value = { panel: 'candidates', peer: 'alice', candidate: `a=${text}` };
  await drawn();
  expect(place.querySelectorAll('[data-marked][open]')).toHaveLength(1);
  expect(document.activeElement?.tagName).toBe('SUMMARY');
});

test('twenty candidates against twenty, on a phone: nothing is wider than the panel', async () => {
  const ports = Array.from({ length: 20 }, (_, index) => 50_000 + index);
  const found = ports.map((port): Step => [
    'alice',
    {
      kind: 'candidate',
      side: 'local',
      candidate: host('192.0.2.1', port),
      sdpMid: '0',
      sdpMLineIndex: 0,
      usernameFragment: null,
    },
  ]);
  const end20 = (id: string, port: number) =>
    ({ id, type: 'host', protocol: 'udp', port, priority: 2_113_937_151 }) as const;
  const pairs = ports.slice(0, 5).flatMap((local) =>
    ports.map((remote): PairSample => ({
      id: `${local}-${remote}`,
      local: end20(`L${local}`, local),
      remote: end20(`R${remote}`, remote),
      state: 'waiting',
      nominated: false,
      selected: false,
      priority: '1',
    })),
  );
  const list = record(
    opened('alice'),
    ...found,
    ...ports.map((port) => candidateReceived('alice', 'bob', `${port}`, host('192.0.2.2', port))),
    ['alice', { kind: 'candidate-pairs', pairs }],
  );
  const place = mount(CandidatesPanel, viewOf(list), 366);
  await drawn();
  expect(place.querySelectorAll('.ps-cell')).toHaveLength(400);
  expect(place.querySelector('.ps-panel')!.scrollWidth).toBeLessThanOrEqual(366);
  place.querySelector<HTMLElement>('.ps-cell button')!.focus();
  await press('End');
  expect(document.activeElement?.getAttribute('data-place')).toBe('0 19');
});
