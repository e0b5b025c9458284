import { expect, test } from 'vitest';
import { Timeline, type PeerLabel, type RtcEvent, type Signal } from '../../rtc/timeline.ts';
import { negotiationFold, verdictOf } from './outcome.ts';

const described = (type: 'offer' | 'answer'): Signal => ({ description: { type, sdp: '' } });
const inForce = (side: 'local' | 'remote', type: 'offer' | 'answer'): RtcEvent => ({
  kind: 'description',
  side,
  type,
  sdp: '',
});
const state = (to: RTCSignalingState): RtcEvent => ({ kind: 'signaling-state', state: to });
const connection = (to: RTCPeerConnectionState): RtcEvent => ({ kind: 'connection-state', state: to });

/** Both peers have sent an offer, and neither has heard of the other's. */
function bothOffered() {
  const timeline = new Timeline(() => 0);
  const both = (...events: ((other: PeerLabel, self: PeerLabel) => RtcEvent)[]) => {
    for (const event of events)
      for (const [self, other] of [
        ['alice', 'bob'],
        ['bob', 'alice'],
      ] as const)
        timeline.append(self, event(other, self));
  };
  both(
    () => ({ kind: 'peer-opened', configuration: {} }),
    () => ({ kind: 'negotiation-needed' }),
    () => inForce('local', 'offer'),
    () => state('have-local-offer'),
    (to, self) => ({ kind: 'signal-sent', id: `offer of ${self}`, to, signal: described('offer') }),
  );
  const verdict = () => verdictOf(negotiationFold()(timeline.entries));
  return { timeline, both, verdict };
}

/** How browsers end it when both do the same: with no other state, with one that checks for ever, or failed. */
test.each([
  ['new', 'is new and stays so'],
  ['connecting', 'is connecting and stays so'],
  ['failed', 'two DTLS clients'],
] as const)(
  'both stable and both answers refused is dead, also while connectionState is %s',
  (ends, says) => {
    const { both, verdict } = bothOffered();
    both(
      (from) => ({ kind: 'signal-received', id: `offer of ${from}`, from, signal: described('offer') }),
      () => inForce('remote', 'offer'),
      () => state('have-remote-offer'),
      () => inForce('local', 'answer'),
      () => state('stable'),
      (to, self) => ({ kind: 'signal-sent', id: `answer of ${self}`, to, signal: described('answer') }),
    );
    expect(verdict().is).toBe('under-way');
    both(
      (from) => ({ kind: 'signal-received', id: `answer of ${from}`, from, signal: described('answer') }),
      (_, self) => ({ kind: 'call', call: self.length, method: 'setRemoteDescription', args: [] }),
    );
    expect(verdict().is).toBe('under-way');
    both((_, self) => ({
      kind: 'call-settled',
      call: self.length,
      method: 'setRemoteDescription',
      outcome: { ok: false, name: 'InvalidStateError', message: 'Called in wrong state: stable' },
      tookMs: 1,
    }));
    if (ends !== 'new') both(() => connection(ends));
    expect(verdict()).toMatchObject({ is: 'dead', title: 'Both stable, both dead' });
    expect(verdict().next).toContain(says);
  },
);

test('one ignores, one rolls back: agreed after glare, and it says who gave way', () => {
  const { timeline, both, verdict } = bothOffered();
  expect(verdict().is).toBe('under-way');
  both((from) => ({ kind: 'signal-received', id: `offer of ${from}`, from, signal: described('offer') }));
  timeline.append('bob', inForce('remote', 'offer'));
  timeline.append('bob', inForce('local', 'answer'));
  timeline.append('bob', state('stable'));
  timeline.append('bob', { kind: 'signal-sent', id: 'answer', to: 'alice', signal: described('answer') });
  timeline.append('alice', {
    kind: 'signal-received',
    id: 'answer',
    from: 'bob',
    signal: described('answer'),
  });
  timeline.append('alice', inForce('remote', 'answer'));
  timeline.append('alice', state('stable'));
  both(() => connection('connected'));
  expect(verdict()).toMatchObject({ is: 'converged', title: 'Agreed, after glare' });
  expect(verdict().text).toContain('alice is impolite');
  expect(verdict().text).toContain('bob is polite');
});

test('an answer that the fault board dropped is not waited for', () => {
  const { timeline, both, verdict } = bothOffered();
  both((from) => ({ kind: 'signal-received', id: `offer of ${from}`, from, signal: described('offer') }));
  timeline.append('bob', { kind: 'signal-sent', id: 'answer', to: 'alice', signal: described('answer') });
  timeline.append('lab', { kind: 'fault', fault: 'dropped', text: '', id: 'answer' });
  timeline.append('lab', { kind: 'run-ended', why: 'stopped' });
  expect(verdict()).toMatchObject({ is: 'half-dead', title: 'Stuck half-way' });
});
