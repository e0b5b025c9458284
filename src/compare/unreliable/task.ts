import { defineTask } from '../../lab-kit/compare/define.ts';
import { entriesOf, messagesTo } from '../record.ts';

export default defineTask({
  title: 'Unreliable data',
  summary:
    'alice sends five numbers, five more while the wire is cut, and five after that. Some of them are of no use any more when they come late: do they come?',
  relayed: true,
  moments: [
    {
      id: 'cut',
      button: 'Cut the wire',
      wire: 'cut',
      after: (entries) => messagesTo(entries, 'bob') >= 5,
    },
    {
      id: 'heal',
      button: 'Mend the wire',
      wire: 'heal',
      after: (entries) =>
        entriesOf(entries, 'alice', 'data-message').filter(({ side }) => side === 'sent').length >= 10,
    },
  ],
  isDone: (entries) => messagesTo(entries, 'bob') >= 10,
  limits: {
    peerjs: [
      {
        text: '`reliable: false` sets `ordered: false`, and nothing else: every message is repeated until it arrives. There is no option for `maxRetransmits` or `maxPacketLifeTime`.',
        source: 'peerjs 1.5.5, lib/negotiator.ts (`startConnection`)',
      },
      {
        text: 'One channel in each connection: a reliable one beside it is another peer connection.',
        source: 'peerjs 1.5.5, lib/dataconnection/DataConnection.ts',
      },
    ],
    helper: [
      {
        text: 'One channel for everything: what is to be reliable beside it needs `peer.pc.createDataChannel()`.',
        source: 'src/compare/_shared/peer.ts',
      },
    ],
    'simple-peer': [
      {
        text: '`channelConfig` is for the only channel there is: nothing can be reliable beside it.',
        source: 'simple-peer 9.11.1, index.js (`channelConfig`)',
      },
      {
        text: 'It is still a stream: `pipe()` and `write()` promise an order and every byte, which the channel no longer does.',
        source: 'simple-peer 9.11.1, index.js (`class Peer extends stream.Duplex`)',
      },
    ],
  },
});
