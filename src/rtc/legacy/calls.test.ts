import { expect, test } from 'vitest';
import { Timeline } from '../timeline.ts';
import { words } from '../words.ts';
import { lintCalls } from './calls.ts';

const called = (method: string, ...args: unknown[]) => {
  const timeline = new Timeline(() => 0);
  timeline.append('alice', { kind: 'call', call: 1, method, args: args.map(words) });
  return lintCalls(timeline.entries).map(({ id }) => id);
};
const callback = () => {};

test.each([
  ['addStream', [{ getTracks: () => [] }], ['add-stream']],
  ['createOffer', [callback], ['one-callback']],
  [
    'createOffer',
    [callback, callback, { mandatory: { OfferToReceiveAudio: true } }],
    ['offer-callbacks', 'mandatory-offer'],
  ],
  ['createOffer', [{ offerToReceiveVideo: true }], ['offer-to-receive']],
  ['createOffer', [{ iceRestart: true }], []],
  ['setLocalDescription', [{ type: 'offer', sdp: 'v=0' }, callback, callback], ['description-callbacks']],
  ['setLocalDescription', [], []],
  ['getUserMedia', [{ video: true }, callback, callback], ['callback-get-user-media']],
  ['getUserMedia', [{ video: { mandatory: { minWidth: 640 } } }], ['mandatory-constraints']],
  ['getUserMedia', [{ video: { mandatory: { chromeMediaSource: 'screen' } } }], ['screen-by-constraint']],
  ['getUserMedia', [{ video: { width: { min: 640 } } }], []],
  ['createDataChannel', ['reliable', { ordered: false }], []],
  ['createDataChannel', ['x', { reliable: false }], ['reliable-channel']],
] as const)('%s(%j) is told as %j', (method, args, ids) => {
  expect(called(method, ...args)).toEqual(ids);
});
