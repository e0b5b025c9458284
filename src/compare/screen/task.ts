import { defineTask } from '../../lab-kit/compare/define.ts';
import { entriesOf, picturesOf } from '../record.ts';

export default defineTask({
  title: 'From camera to screen in a call',
  summary:
    'In the middle of a call alice sends her screen in place of her camera. Look at what crosses the server for it.',
  media: true,
  moments: [
    {
      id: 'screen',
      button: 'Share alice’s screen',
      after: (entries) => picturesOf(entries, 'alice') > 0 && picturesOf(entries, 'bob') > 0,
    },
  ],
  isDone: (entries) => {
    const [replaced] = entriesOf(entries, 'alice', 'call').filter(({ method }) => method === 'replaceTrack');
    // A frame of another size: the screen's.
    return replaced !== undefined && picturesOf(entries.slice(replaced.seq), 'bob') > 0;
  },
  limits: {
    raw: [
      {
        text: 'Only in place of a track of the same kind. A screen *beside* the camera is a new m-section: that takes an offer and an answer.',
        source: 'WebRTC §5.2, `replaceTrack()`',
      },
    ],
    peerjs: [
      {
        text: 'PeerJS has no method for it: `peerConnection.getSenders()` is the raw API, and `localStream` goes on naming the camera.',
        source: 'peerjs 1.5.5, lib/mediaconnection.ts',
      },
      {
        text: 'A screen beside the camera takes a second call: `addTrack()` on its `peerConnection` changes nothing, since nobody offers again.',
        source: 'peerjs 1.5.5, lib/negotiator.ts: no `onnegotiationneeded`',
      },
    ],
    helper: [
      {
        text: 'Only in place of a track of the same kind, as the raw API. For a screen beside the camera there is `addStream()`, and the helper offers by itself.',
        source: 'src/compare/_shared/peer.ts',
      },
    ],
    'simple-peer': [
      {
        text: '`replaceTrack()` gives no promise: whether the browser has taken the track, the page is not told.',
        source: 'simple-peer 9.11.1, index.js (`replaceTrack`)',
      },
    ],
  },
});
