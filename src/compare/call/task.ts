import { defineTask } from '../../lab-kit/compare/define.ts';
import { picturesOf } from '../record.ts';

export default defineTask({
  title: 'A call with sound and picture',
  summary: 'alice calls bob, and both see and hear each other. Look at when the first frame is there.',
  media: true,
  isDone: (entries) => picturesOf(entries, 'alice') > 0 && picturesOf(entries, 'bob') > 0,
  limits: {
    peerjs: [
      {
        text: 'A `MediaConnection` makes one offer in its life. A track that comes later, a direction that changes, a restart of ICE: each needs a new call.',
        source:
          'peerjs 1.5.5, lib/negotiator.ts: no `onnegotiationneeded`; a second OFFER closes the connection (lib/peer.ts)',
      },
      {
        text: 'A call carries a data channel that nobody may use: it is there to tell the other side that you have hung up. For a chat beside the call a second peer connection is needed.',
        source:
          'peerjs 1.5.5, lib/negotiator.ts (`startConnection`), lib/mediaconnection.ts (`willCloseOnRemote`)',
      },
      {
        text: 'Candidates found after `completed` are not sent any more, and the end of candidates is never told.',
        source: 'peerjs 1.5.5, lib/negotiator.ts (`oniceconnectionstatechange`, `onicecandidate`)',
      },
      {
        text: '`stream` fires once for each track, with the same stream: twice in a call.',
        source: 'peerjs 1.5.5, lib/negotiator.ts (`ontrack`)',
      },
    ],
    helper: [
      {
        text: 'There is a data channel in each call, used or not: the goodbye goes over it.',
        source: 'src/compare/_shared/peer.ts',
      },
    ],
    'simple-peer': [
      {
        text: 'Exactly one end has to be the initiator, and only that one ever offers: with two of them, or none, nothing connects.',
        source: 'simple-peer 9.11.1, index.js (`negotiate`)',
      },
      {
        text: 'There is a data channel in each call, used or not, and `connect` waits for it.',
        source: 'simple-peer 9.11.1, index.js (`_maybeReady`)',
      },
    ],
  },
});
