import { render } from 'preact';
import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { drawn } from '../panels/view.fixture.tsx';
import { CompareApp } from './app.tsx';
import { columnOf, stageOf } from './stage.fixture.ts';

const place = document.createElement('compare-page');
document.body.append(place);
afterEach(() => render(null, place));

const text = (selector: string) =>
  [...place.querySelectorAll(selector)].map((one) => one.textContent?.replace(/\s+/g, ' ').trim() ?? '');

test('says what to do before a run, measures while it goes on, and steps all columns with one key', async () => {
  const raw = columnOf('raw', 'pc.createOffer();\npc.setLocalDescription();\n');
  const peerjs = columnOf('peerjs', 'new Peer();\n');
  const { stage, state, mode, momentState, asked } = stageOf([raw.column, peerjs.column], ['cut']);
  render(<CompareApp stage={stage} code={{}} />, place);
  await drawn();

  // Before a run: what is known without one, and no other figure.
  expect(text('.compare-told')[0]).toMatch(/^Run the task/);
  expect(text('[data-measure=lines] .compare-number')).toEqual(['2', '1']);
  expect(text('[data-measure=lines] .compare-by')).toEqual(['1 fewer']);
  expect(text('[data-measure=messages] .compare-number')).toEqual(['·not yet', '·not yet']);

  // During one.
  state.value = 'running';
  for (const one of [raw, peerjs]) one.how.value = 'running';
  raw.record(
    [0, 'lab', { kind: 'run-started', lab: 'text', arrangement: 'one-page' }],
    [40, 'alice', { kind: 'call', call: 1, method: 'createOffer', args: [] }],
    [80, 'alice', { kind: 'connection-state', state: 'connected' }],
    [84, 'bob', { kind: 'connection-state', state: 'connected' }],
    [90, 'bob', { kind: 'note', text: 'alice said hello' }],
  );
  peerjs.record(
    [0, 'lab', { kind: 'run-started', lab: 'text', arrangement: 'one-page' }],
    [60, 'alice', { kind: 'call', call: 1, method: 'createOffer', args: [] }],
    [140, 'alice', { kind: 'connection-state', state: 'connected' }],
    [147, 'bob', { kind: 'connection-state', state: 'connected' }],
  );
  momentState.value = 'ready';
  await drawn();
  expect(text('[data-measure=connectedMs] .compare-number')).toEqual(['84.0 ms', '147.0 ms']);
  expect(text('[data-measure=connectedMs] .compare-by')).toEqual(['63 ms later']);
  expect(text('.compare-told')[0]).toContain('63 ms later');
  expect(text('[data-column=raw] .compare-notes li')).toEqual(['90 ms bob alice said hello']);
  expect(text('.compare-hidden .compare-methods li')).toEqual(['createOffer()']);

  // In lockstep.
  mode.value = 'step';
  raw.held.value = { peer: 'alice', text: 'alice makes an offer: createOffer()', why: '', line: 1 };
  await drawn();
  expect(document.activeElement?.textContent).toContain('Next step');
  await userEvent.keyboard(' ');
  await userEvent.keyboard('{PageDown}');
  await page.getByRole('button', { name: 'Do cut' }).click();
  expect(asked).toEqual(['go', 'go', 'press cut']);
  expect(text('.compare-held-text')).toEqual(['alice makes an offer: createOffer()']);
  expect(text('.compare-held .lab-hint')).toEqual(['Nothing waits here now: the browser is at work.']);
  expect(text('.ps-marked')).toEqual(['pc.createOffer();']);
});
