import { defineTask } from '../../lab-kit/compare/define.ts';
import { messagesTo } from '../record.ts';

export default defineTask({
  title: 'A text over a data channel',
  summary:
    'alice says hello, bob answers. Look at what it takes before the first byte crosses, and at what the bytes are.',
  isDone: (entries) => messagesTo(entries, 'alice') > 0 && messagesTo(entries, 'bob') > 0,
  limits: {
    peerjs: [
      {
        text: 'Every `connect()` is a peer connection of its own: a second channel to bob gathers, checks and agrees on keys again.',
        source: 'peerjs 1.5.5, lib/dataconnection/DataConnection.ts (constructor) and lib/negotiator.ts',
      },
      {
        text: "A text crosses as BinaryPack, which only PeerJS reads. `serialization: 'raw'` sends what was given, but both ends have to be PeerJS all the same.",
        source: 'peerjs 1.5.5, lib/peer.ts (`_serializers`)',
      },
      {
        text: 'There is no event for somebody who comes: alice has to know bob’s id, and tries. If he is not there within 5 s, she gets `peer-unavailable`.',
        source: 'peer 1.0.2, `expire_timeout`; peerjs 1.5.5, lib/peer.ts (`EXPIRE`)',
      },
      {
        text: 'Without `config` it asks `stun.l.google.com` and two TURN servers of peerjs.com, without `host` it registers at `0.peerjs.com`.',
        source: 'peerjs 1.5.5, lib/util.ts (`DEFAULT_CONFIG`, `CLOUD_HOST`)',
      },
    ],
    raw: [
      {
        text: 'There is no signaling in it: how a description gets to bob is left to the page, and so is who may write to whom.',
        source: 'WebRTC §1 and RFC 8829 §1.1',
      },
    ],
    helper: [
      {
        text: 'One channel, opened by both ends with the same number. A second one is `peer.pc.createDataChannel()`, the raw API.',
        source: 'src/compare/_shared/peer.ts',
      },
    ],
    'simple-peer': [
      {
        text: 'It has no signaling: what its `signal` event gives has to be carried by the page, and the messages are its own. `renegotiate` and `transceiverRequest` are no descriptions and no candidates.',
        source: 'simple-peer 9.11.1, index.js (`signal`)',
      },
      {
        text: 'One channel in each peer, and no method for a second one.',
        source: 'simple-peer 9.11.1, index.js (`_setupData`)',
      },
      {
        text: 'A text arrives as a `Buffer`: a peer is a stream of bytes, unless `objectMode` is set.',
        source: 'simple-peer 9.11.1, README (`new Peer`)',
      },
      {
        text: 'Without `config` it asks STUN servers of Google and Twilio.',
        source: 'simple-peer 9.11.1, index.js (`Peer.config`)',
      },
    ],
  },
});
