import { expect, test } from 'vitest';
import { whatChanged, type Look } from './unpack.ts';

const addTrack = () => {};
const before: Look = {
  sizeBytes: 10,
  globals: new Set(['name']),
  members: new Map<string, unknown>([
    ['RTCPeerConnection.prototype.addTrack', addTrack],
    ['RTCPeerConnection.prototype.close', addTrack],
  ]),
};

test('names what is new and what is another function than before, and nothing else', () => {
  expect(whatChanged(before, before)).toEqual([]);
  const after: Look = {
    ...before,
    globals: new Set(['name', 'adapter']),
    members: new Map<string, unknown>([
      ['RTCPeerConnection.prototype.addTrack', () => {}],
      ['RTCPeerConnection.prototype.close', addTrack],
      ['RTCPeerConnection.prototype.getStreams', undefined],
    ]),
  };
  expect(whatChanged(before, after)).toEqual([
    '+ adapter',
    'RTCPeerConnection.prototype.addTrack',
    'RTCPeerConnection.prototype.getStreams',
  ]);
});
