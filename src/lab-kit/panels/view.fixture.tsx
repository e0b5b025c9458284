import { signal } from '@preact/signals';
import { render } from 'preact';
import type { Bench } from '../../rtc/bench.ts';
import { toRecording } from '../../rtc/recording/save.ts';
import type { Entry } from '../../rtc/timeline.ts';
import type { Component, LabView, Target } from '../view.ts';

/** A view of recorded entries, for tests: what a lab's session is to the panels. */
export function viewOf(list: readonly Entry[] = [], { hosted = ['alice', 'bob'] } = {}) {
  const entries = signal({ version: 0, list });
  const view = {
    lab: 'test',
    peers: signal(['alice', 'bob']),
    hosted: signal(hosted),
    entries,
    focus: signal<number | null>(null),
    bench: signal<Bench | null>(null),
    state: signal('running'),
    target: signal<Target | null>(null),
    userAgent: 'test',
    record: () =>
      toRecording(
        entries.value.list,
        { lab: 'test', title: 'Test', peers: ['alice', 'bob'], hosted, source: '', userAgent: 'test' },
        new Date(0),
      ),
    faults: null,
  } satisfies LabView;
  /** Says that the list is another one, or that it has grown. */
  const show = (next: readonly Entry[] = entries.value.list) => {
    entries.value = { version: entries.value.version + 1, list: next };
  };
  return { ...view, show };
}

const mounted: HTMLElement[] = [];

/** Draws a panel into the page at a width in pixels. */
export function mount(Panel: Component, view: LabView, width = 800): HTMLElement {
  const place = document.createElement('div');
  place.style.width = `${width}px`;
  document.body.append(place);
  mounted.push(place);
  render(<Panel view={view} />, place);
  return place;
}

export function unmountAll(): void {
  for (const place of mounted.splice(0)) {
    render(null, place);
    place.remove();
  }
}

/** The next frame has been drawn, and what it caused as well. */
export const drawn = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve))));
