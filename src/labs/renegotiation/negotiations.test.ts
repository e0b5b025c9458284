import { expect, test } from 'vitest';
import { Timeline } from '../../rtc/timeline.ts';
import { negotiationsFold, verdictOf } from './negotiations.ts';

function recorded() {
  let nowMs = 0;
  const timeline = new Timeline(() => nowMs);
  const at = (ms: number) => (nowMs = ms);
  const offer = (ms: number, sections: number) => {
    at(ms);
    timeline.append('alice', { kind: 'call', call: ms, method: 'setLocalDescription', args: [] });
    at(ms + 5);
    const sdp = `v=0\r\n${'m=video 9 x\r\n'.repeat(sections)}`;
    timeline.append('alice', { kind: 'description', side: 'local', type: 'offer', sdp });
    timeline.append('alice', { kind: 'signaling-state', state: 'have-local-offer' });
  };
  const answer = (ms: number, type: 'answer' | 'pranswer' = 'answer') => {
    at(ms);
    timeline.append('alice', { kind: 'description', side: 'remote', type, sdp: '' });
    timeline.append('alice', {
      kind: 'signaling-state',
      state: type === 'answer' ? 'stable' : 'have-remote-pranswer',
    });
  };
  const account = () => negotiationsFold()(timeline.entries);
  return { timeline, at, offer, answer, account };
}

test('times an exchange from the call that made the offer to the answer in force', () => {
  const { offer, answer, account } = recorded();
  offer(100, 2);
  expect(account().negotiations).toMatchObject([{ outcome: 'under way', sections: 2, startMs: 100 }]);
  answer(140);
  expect(account().negotiations).toMatchObject([{ outcome: 'agreed', tookMs: 40, sizeBytes: 31 }]);
});

test('an offer that ends stable without an answer was rolled back, and the next one is another', () => {
  const { timeline, at, offer, answer, account } = recorded();
  offer(100, 1);
  at(110);
  timeline.append('alice', { kind: 'signaling-state', state: 'stable' });
  offer(120, 1);
  answer(150);
  expect(account().negotiations.map(({ outcome }) => outcome)).toEqual(['rolled back', 'agreed']);
  expect(verdictOf(account())).toContain('taken back and never sent');
});

test('a provisional answer does not end the exchange', () => {
  const { offer, answer, account } = recorded();
  offer(0, 1);
  answer(30, 'pranswer');
  expect(account().negotiations).toMatchObject([{ outcome: 'under way', provisionalMs: 30 }]);
  answer(900);
  expect(account().negotiations).toMatchObject([{ outcome: 'agreed', tookMs: 900 }]);
  expect(verdictOf(account())).toContain('after 30 ms');
});

test('a browser without provisional answers is told apart', () => {
  const { timeline, offer, answer, account } = recorded();
  offer(0, 1);
  timeline.append('bob', {
    kind: 'call-settled',
    call: 1,
    method: 'setLocalDescription',
    outcome: { ok: false, name: 'NotSupportedError', message: 'pranswer not yet implemented' },
    tookMs: 1,
  });
  answer(30);
  expect(verdictOf(account())).toContain('no provisional answers');
});
