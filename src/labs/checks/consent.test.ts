import { expect, test } from 'vitest';
import type { PairSample } from '../../rtc/stats/sample.ts';
import { Timeline, type RtcEvent } from '../../rtc/timeline.ts';
import { checksOf, storyOf } from './consent.ts';

function entriesOf(...events: [atMs: number, peer: string, event: RtcEvent][]) {
  let nowMs = 0;
  const timeline = new Timeline(() => nowMs);
  for (const [atMs, peer, event] of events) {
    nowMs = atMs;
    timeline.append(peer, event);
  }
  return timeline.entries;
}

const pairs = (responsesReceived: number, remote: 'host' | 'prflx' = 'host'): RtcEvent => {
  const pair: PairSample = {
    id: 'pair',
    local: { id: 'l', type: 'host', protocol: 'udp' },
    remote: { id: 'r', type: remote, protocol: 'udp' },
    state: 'succeeded',
    nominated: true,
    selected: true,
    requestsSent: responsesReceived + 1,
    responsesReceived,
  };
  return { kind: 'candidate-pairs', pairs: [pair], iceRole: 'controlling' };
};
const ice = (state: RTCIceConnectionState): RtcEvent => ({ kind: 'ice-connection-state', state });
const wire = (lossPct?: number): RtcEvent => ({
  kind: 'fault',
  fault: 'impaired',
  text: '',
  plan: {
    seed: 1,
    rules: [],
    ...(lossPct !== undefined && { wire: [{ from: 'alice', to: 'bob', lossPct }] }),
  },
});

test('the last answer is the last time that their number grew', () => {
  const [alice] = checksOf(
    entriesOf(
      [100, 'alice', pairs(1)],
      [200, 'alice', pairs(2)],
      [900, 'alice', pairs(2)],
      [901, 'bob', pairs(9)],
    ),
    ['alice'],
  );
  expect(alice).toMatchObject({ role: 'controlling', answeredAtMs: 200, learned: false });
  expect(alice?.pair?.responsesReceived).toBe(2);
});

test('a remote end that nobody told of is learned', () => {
  expect(checksOf(entriesOf([1, 'alice', pairs(1, 'prflx')]), ['alice'])[0]?.learned).toBe(true);
  expect(checksOf([], ['bob'])[0]).toMatchObject({ pair: undefined, role: undefined, state: 'new' });
});

test('the story begins with the first cut and counts from each change of the path', () => {
  const story = storyOf(
    entriesOf(
      [10, 'alice', ice('connected')],
      [1000, 'lab', wire(5)],
      [2000, 'lab', wire(100)],
      [2100, 'lab', wire(100)],
      [7000, 'alice', ice('disconnected')],
      [9000, 'lab', wire()],
      [9400, 'alice', ice('connected')],
    ),
  );
  expect(story.map(({ what, peer, afterMs }) => [what, peer, afterMs])).toEqual([
    ['cut', 'lab', undefined],
    ['disconnected', 'alice', 5000],
    ['mended', 'lab', undefined],
    ['connected', 'alice', 400],
  ]);
});
