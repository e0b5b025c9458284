import { expect, test } from 'vitest';
import type { NextStep } from '../rtc/pace.ts';
import type { Entry, PeerLabel, RtcEvent, Signal } from '../rtc/timeline.ts';
import { ask, type Question } from './predict.ts';

const offer: Signal = { description: { type: 'offer', sdp: '' } };
const answer: Signal = { description: { type: 'answer', sdp: '' } };
const call = (peer: PeerLabel, method: string, ...args: unknown[]): NextStep => ({
  does: 'call',
  peer,
  method,
  args,
});

/** Each step of a first call, and what the record says after it. */
const script: [NextStep, ...[PeerLabel, RtcEvent][]][] = [
  [{ does: 'open-media', peer: 'alice' }, ['alice', { kind: 'call', call: 1, method: 'addTrack', args: [] }]],
  [{ does: 'open-media', peer: 'bob' }, ['bob', { kind: 'call', call: 2, method: 'addTrack', args: [] }]],
  [
    call('alice', 'setLocalDescription'),
    ['alice', { kind: 'description', side: 'local', type: 'offer', sdp: '' }],
    ['alice', { kind: 'signaling-state', state: 'have-local-offer' }],
  ],
  [
    { does: 'send', peer: 'alice', to: 'bob', signal: offer },
    ['alice', { kind: 'signal-sent', id: '1', to: 'bob', signal: offer }],
    ['bob', { kind: 'signal-received', id: '1', from: 'alice', signal: offer }],
  ],
  [
    call('bob', 'setRemoteDescription', { type: 'offer', sdp: '' }),
    ['bob', { kind: 'description', side: 'remote', type: 'offer', sdp: '' }],
    ['bob', { kind: 'signaling-state', state: 'have-remote-offer' }],
  ],
  [
    call('bob', 'setLocalDescription'),
    ['bob', { kind: 'description', side: 'local', type: 'answer', sdp: '' }],
    ['bob', { kind: 'signaling-state', state: 'stable' }],
  ],
  [
    { does: 'send', peer: 'bob', to: 'alice', signal: answer },
    ['bob', { kind: 'signal-sent', id: '2', to: 'alice', signal: answer }],
  ],
  [call('alice', 'setRemoteDescription', { type: 'answer', sdp: '' })],
];

/** The questions of a whole call. @param hosted the peers of this page */
function questions(seed: number, hosted = ['alice', 'bob']): (Question | undefined)[] {
  const entries: Entry[] = [];
  return script.map(([step, ...consequences]) => {
    const question = ask([step], step.peer === 'alice' ? 'bob' : 'alice', entries, hosted, seed);
    for (const [peer, event] of consequences)
      entries.push({ ...event, peer, atMs: entries.length, seq: entries.length });
    return question;
  });
}

const right = [
  'alice opens camera and microphone, or what stands in for them',
  'bob opens camera and microphone, or what stands in for them',
  'alice makes an offer and sets it as local description',
  'alice sends the offer to bob',
  'bob sets the offer as remote description',
  'bob makes the answer and sets it as local description',
  'bob sends the answer to alice',
  'alice sets the answer as remote description',
];

test.each(Array.from({ length: 50 }, (_, seed) => seed))(
  'seed %i: three different options at each step of a call, one of them what happens, each with its reason',
  (seed) => {
    const asked = questions(seed);
    expect(asked.map((question) => question?.happens)).toEqual(right);
    for (const question of asked) {
      const texts = question?.options.map(({ text }) => text) ?? [];
      expect(new Set(texts).size).toBe(3);
      expect(texts).toContain(question?.happens);
      for (const { why } of question?.options ?? []) expect(why).toMatch(/\.$/);
    }
  },
);

test('the order depends on the seed alone', () => {
  expect(questions(7)).toEqual(questions(7));
  const places = Array.from({ length: 20 }, (_, seed) =>
    questions(seed)[3]?.options.findIndex(({ text }) => text === right[3]),
  );
  expect(new Set(places)).toEqual(new Set([0, 1, 2]));
});

test('a wrong option is one that the signaling states forbid', () => {
  const wrong = Array.from({ length: 20 }, (_, seed) => questions(seed)[3])
    .flatMap((question) => question?.options ?? [])
    .filter(({ text }) => text !== right[3]);
  const texts = new Set(wrong.map(({ text }) => text));
  expect(texts).toContain('bob sets the offer as remote description');
  expect(texts).toContain('bob makes the answer and sets it as local description');
  expect(texts).not.toContain(right[2]);
  expect(wrong.find(({ text }) => text.startsWith('bob makes the answer'))?.why).toContain(
    'have-remote-offer',
  );
});

test('what is due as well is never offered as wrong', () => {
  const step = script[3]![0];
  const alsoDue = call('bob', 'setRemoteDescription', { type: 'offer', sdp: '' });
  for (let seed = 0; seed < 20; seed++) {
    const options = ask([step, alsoDue], 'bob', [], ['alice', 'bob'], seed)?.options ?? [];
    expect(options.map(({ text }) => text)).not.toContain('bob sets the offer as remote description');
  }
});

test('with one peer here, only what this page can know is offered', () => {
  for (const question of questions(1, ['alice']).filter(Boolean))
    for (const { text } of question?.options.filter((option) => option.text !== question.happens) ?? [])
      expect(text).toMatch(/^alice/);
});

test('nothing to guess: the start, a step outside an exchange, and nothing at all', () => {
  expect(ask([{ does: 'start', peer: 'lab' }], 'bob', [], ['alice', 'bob'], 1)).toBeUndefined();
  expect(ask([call('alice', 'replaceTrack')], 'bob', [], ['alice', 'bob'], 1)).toBeUndefined();
  expect(ask([], 'bob', [], ['alice', 'bob'], 1)).toBeUndefined();
});
