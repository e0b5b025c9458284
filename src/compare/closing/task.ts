import { defineTask } from '../../lab-kit/compare/define.ts';
import type { Entry } from '../../rtc/timeline.ts';
import { entriesOf, picturesOf } from '../record.ts';

/** Labels of bob's channels that have been in a state. */
const channelsIn = (entries: readonly Entry[], wanted: RTCDataChannelState) =>
  new Set(
    entriesOf(entries, 'bob', 'data-channel').flatMap(({ peer, label, state }) =>
      state === wanted ? `${peer} ${label}` : [],
    ),
  );

export default defineTask({
  title: 'Hanging up',
  summary: 'alice hangs up. Look at what bob learns of it: by which event, and how soon.',
  media: true,
  moments: [
    {
      id: 'hang-up',
      button: 'Hang up',
      after: (entries) =>
        picturesOf(entries, 'alice') > 0 &&
        picturesOf(entries, 'bob') > 0 &&
        channelsIn(entries, 'open').size > 0,
    },
  ],
  isDone: (entries) => {
    const [opened, closed] = [channelsIn(entries, 'open'), channelsIn(entries, 'closed')];
    return opened.size > 0 && [...opened].every((channel) => closed.has(channel));
  },
  limits: {
    raw: [
      {
        text: 'No event says that the other side has hung up. `connectionState` stays `connected` until nothing has come for some 7 s; only a data channel tells at once.',
        source: 'WebRTC §4.3.3 (`connectionState`), §6.2; seen in Chromium 156 and Firefox 153',
      },
    ],
    peerjs: [
      {
        text: '`close` comes without a reason: hanging up and failing look alike.',
        source: 'peerjs 1.5.5, lib/baseconnection.ts (`BaseConnectionEvents`)',
      },
      {
        text: 'When alice’s page is killed, nobody tells bob: PeerServer sends `LEAVE` only to somebody whose message it could not deliver.',
        source: 'peer 1.0.2, handlers/transmission',
      },
    ],
    helper: [
      {
        text: 'A page that is killed says no goodbye. Then bob learns it from `disconnected`, as with the raw API.',
        source: 'src/compare/_shared/peer.ts (`close`)',
      },
    ],
    'simple-peer': [
      {
        text: '`close` comes after a goodbye and after a failure. Only an `error` before it tells them apart.',
        source: 'simple-peer 9.11.1, index.js (`destroy`)',
      },
      {
        text: '`end()` waits a second and destroys, whether everything has arrived or not.',
        source: 'simple-peer 9.11.1, index.js (`_onFinish`)',
      },
    ],
  },
});
