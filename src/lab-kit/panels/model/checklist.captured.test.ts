import { expect, test } from 'vitest';
import { dumpNames, dumpOf } from '../../../../tests/fixtures/dumps.ts';
import { captures } from '../../../../tests/fixtures/recordings.ts';
import type { Entry } from '../../../rtc/timeline.ts';
import { candidatesFold } from './candidates.ts';
import { checklistsFold, matrixOf, whySelected } from './checklist.ts';
import { lanesOf } from './check-lanes.ts';
import { statesFold, taken } from './states.ts';

/** Everything that was captured from real browsers: runs of the labs, and dumps of calls that went well and badly. */
const records: readonly (readonly [name: string, list: readonly Entry[]])[] = [
  ...captures.map(({ name, recording }) => [name, recording.entries] as const),
  ...dumpNames.map((name) => [name, dumpOf(name).entries] as const),
];

/** Where browsers go a way that the standard does not draw: each is a dashed edge. */
const jumps: ReadonlySet<string> = new Set([
  'ice-gathering-state: gathering > new', // a rollback takes the transports away
  'ice-gathering-state: complete > new',
  'ice-gathering-state: new > complete', // Firefox, where there is nothing to gather
  'ice-connection-state: new > failed', // Firefox, where no candidate ever came
  'dtls-transport-state: new > failed',
  'connection-state: new > failed',
  'ice-connection-state: connected > checking', // Firefox, after an ICE restart
]);

test('every step that a browser was seen to take is an edge of the standard, or a jump that we know of', () => {
  const unknown = new Set<string>();
  let steps = 0;
  for (const [, list] of records)
    for (const tracks of statesFold()(list).values())
      for (const track of tracks.values())
        for (const { from, to, edge } of taken(track)) {
          steps++;
          const step = `${track.machine}: ${from} > ${to.state}`;
          if (!edge && !jumps.has(step)) unknown.add(step);
        }
  expect([...unknown]).toEqual([]);
  expect(steps).toBeGreaterThan(300);
});

test.each(records)('%s: each pair has its cell and its lane, and the reason is a sentence', (_, list) => {
  const candidates = candidatesFold()(list);
  for (const [peer, checklist] of checklistsFold()(list)) {
    const { cells, locals, remotes } = matrixOf(candidates.get(peer)!, checklist);
    const { lanes } = lanesOf([...checklist.pairs.values()]);
    expect(lanes).toHaveLength(checklist.pairs.size);
    expect(cells.size).toBeGreaterThanOrEqual(Math.min(1, checklist.pairs.size));
    expect(cells.size).toBeLessThanOrEqual(locals.length * remotes.length);
    const why = whySelected(peer, checklist);
    if (checklist.pairs.size > 0) expect(why).toMatch(/^[^.]+\. ?/);
    expect(why ?? '').not.toMatch(/undefined|NaN|Infinity/);
  }
});

test.each(dumpNames.filter((name) => name.startsWith('chromium') && name.includes('ice-restart')))(
  '%s: the pair from before an ICE restart is no rival of the one after it',
  (name) => {
    const list = dumpOf(name).entries;
    for (const [peer, checklist] of checklistsFold()(list)) {
      const why = whySelected(peer, checklist);
      expect(why).toContain('a pair from before the ICE restart was in use');
      expect(why).not.toContain('had a higher priority: which one');
    }
  },
);
