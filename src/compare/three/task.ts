import { defineTask } from '../../lab-kit/compare/define.ts';
import { picturesOf } from '../record.ts';

const participants = ['alice', 'bob', 'carol'];

export default defineTask({
  title: 'Three people',
  summary:
    'A mesh: each of the three sees the two others. Look at how many connections and descriptions that takes.',
  participants,
  media: true,
  isDone: (entries) => participants.every((person) => picturesOf(entries, person) >= 2),
  limits: {
    raw: [
      {
        text: 'A connection has two ends, here too: with n people each encodes and sends n − 1 times. Only a server in the middle changes that.',
        source: 'WebRTC §4.2; RFC 7667 §3.4',
      },
    ],
    peerjs: [
      {
        text: 'There are no rooms and no list of who is there: `listAllPeers()` needs `allow_discovery`, which shows every id to everybody, and is off here.',
        source: 'peerjs 1.5.5, lib/api.ts (`listAllPeers`); peer 1.0.2, `allow_discovery`',
      },
      {
        text: 'Nobody is asked whether an id may be called, and the name that comes with a call is what the caller says.',
        source: 'peer 1.0.2, handlers of OFFER; peerjs 1.5.5, `metadata`',
      },
    ],
    helper: [{ text: 'A mesh all the same: each sends n − 1 times.', source: 'RFC 7667 §3.4' }],
    'simple-peer': [
      {
        text: 'A peer has one other end. Who is there, and which of two is the initiator, is for the page to settle.',
        source: 'simple-peer 9.11.1, README (“Connecting more than 2 peers?”)',
      },
    ],
  },
});
