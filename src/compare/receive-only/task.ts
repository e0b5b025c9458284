import { defineTask } from '../../lab-kit/compare/define.ts';
import { picturesOf } from '../record.ts';

export default defineTask({
  title: 'Receive only',
  summary: 'bob wants to see alice’s camera and has nothing to send. He is the one who begins.',
  media: true,
  isDone: (entries) => picturesOf(entries, 'bob') > 0,
  limits: {
    peerjs: [
      {
        text: 'Nobody can call without a stream: `call(id)` logs an error, returns `undefined`, and no event tells of it.',
        source: 'peerjs 1.5.5, lib/peer.ts (`call`)',
      },
      {
        text: 'There is no way to say `recvonly`: directions follow from the tracks that are there. A call with an empty `MediaStream` connects, and `stream` never fires.',
        source: 'peerjs 1.5.5, lib/negotiator.ts (`_addTracksToConnection`)',
      },
    ],
    'simple-peer': [
      {
        text: 'When the one without a picture is the initiator and says nothing, the other one asks for m-sections with a message of simple-peer’s own, and a second offer follows.',
        source: 'simple-peer 9.11.1, index.js (`_requestMissingTransceivers`)',
      },
    ],
  },
});
