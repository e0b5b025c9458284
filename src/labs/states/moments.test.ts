import { expect, test } from 'vitest';
import { Timeline } from '../../rtc/timeline.ts';
import { momentsOf, statesNow } from './moments.ts';

function recorded() {
  const timeline = new Timeline(() => 0);
  timeline.append('alice', { kind: 'peer-opened', configuration: {} });
  timeline.append('bob', { kind: 'peer-opened', configuration: {} });
  timeline.append('alice', { kind: 'call', call: 1, method: 'setLocalDescription', args: ['offer'] });
  timeline.append('alice', { kind: 'signaling-state', state: 'have-local-offer' });
  timeline.append('bob', { kind: 'signaling-state', state: 'have-remote-offer' });
  timeline.append('alice', { kind: 'ice-gathering-state', state: 'gathering' });
  timeline.append('alice', { kind: 'peer-closed' });
  return timeline.entries;
}

test('steps of both peers stand in the order in which they were taken, each with its cause', () => {
  const steps = momentsOf(recorded()).map(({ peer, machine, state }) => `${peer} ${machine} ${state}`);
  expect(steps).toEqual([
    'alice signaling-state have-local-offer',
    'bob signaling-state have-remote-offer',
    'alice ice-gathering-state gathering',
    'alice signaling-state closed',
    'alice ice-connection-state closed',
    'alice connection-state closed',
  ]);
  expect(momentsOf(recorded())[0]?.because).toBe('setLocalDescription(offer)');
});

test('where the machines are now: gathering is not ended by close()', () => {
  expect(statesNow(recorded()).get('alice')).toEqual({
    'signaling-state': 'closed',
    'ice-gathering-state': 'gathering',
    'ice-connection-state': 'closed',
    'connection-state': 'closed',
  });
  expect(statesNow(recorded()).get('bob')?.['connection-state']).toBe('new');
});
