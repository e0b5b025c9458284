import { defineTask } from '../../lab-kit/compare/define.ts';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';
import { entriesOf, picturesOf } from '../record.ts';

const participants = ['alice', 'bob'];

/** What the connections of somebody went through, all of them together. */
const eventsOf = (entries: readonly Entry[], person: PeerLabel) =>
  entriesOf(entries, person, 'connection-state', 'ice-connection-state', 'peer-closed');

type Event = ReturnType<typeof eventsOf>[number];

/** Whoever closes a connection at the first sign hears no more of it: the sign may be in either of the two states. */
const isTrouble = (event: Event) =>
  event.kind === 'peer-closed' || event.state === 'disconnected' || event.state === 'failed';

const isConnected = (event: Event) => event.kind === 'connection-state' && event.state === 'connected';

export default defineTask({
  title: 'A broken network',
  summary:
    'In the middle of a call the wire is cut, and mended when both sides have noticed. Look at what it takes until both see each other again.',
  participants,
  media: true,
  relayed: true,
  limitMs: 90_000,
  moments: [
    {
      id: 'cut',
      button: 'Cut the wire',
      wire: 'cut',
      after: (entries) => participants.every((person) => picturesOf(entries, person) > 0),
    },
    {
      id: 'heal',
      button: 'Mend the wire',
      wire: 'heal',
      after: (entries) => participants.every((person) => eventsOf(entries, person).some(isTrouble)),
    },
  ],
  isDone: (entries) =>
    participants.every((person) => {
      const events = eventsOf(entries, person);
      return events.some(isTrouble) && events.findLastIndex(isTrouble) < events.findLastIndex(isConnected);
    }),
  limits: {
    peerjs: [
      {
        text: 'No restart of ICE: a second description for a call closes it. What is left is a new call, with a new connection and a new stream at both ends.',
        source: 'peerjs 1.5.5, lib/peer.ts (`OFFER` for an existing connection)',
      },
      {
        text: 'It closes a call when `iceConnectionState` becomes `failed`. Chromium 156 stays at `disconnected` there, and says `failed` in `connectionState` alone: then no `close` ever comes. Firefox 153 gets there after 27 s.',
        source: 'peerjs 1.5.5, lib/negotiator.ts (`oniceconnectionstatechange`); seen in this task',
      },
      {
        text: 'When the line to PeerServer is lost, nobody can be called until the page calls `reconnect()`.',
        source: 'peerjs 1.5.5, lib/peer.ts (`disconnected`)',
      },
    ],
    raw: [
      {
        text: 'Nothing restarts by itself: from `failed` no connection comes back unless somebody calls `restartIce()` and sends an offer.',
        source: 'WebRTC §4.4.2, `restartIce()`; RFC 8445 §9',
      },
      {
        text: 'In Firefox 153 it has to be called at `disconnected`: from `failed` the connection comes back, and its media do not. Then only a new connection helps.',
        source: 'seen in Firefox 153, in the lab on ICE restarts',
      },
    ],
    helper: [
      {
        text: 'It tries again for as long as the page is open. When to give up is for the page to say.',
        source: 'src/compare/_shared/peer.ts',
      },
    ],
    'simple-peer': [
      {
        text: 'No restart of ICE. On `disconnected` it does nothing, on `failed` it destroys itself: what is left is a new peer at both ends.',
        source: 'simple-peer 9.11.1, index.js (`_onConnectionStateChange`); feross/simple-peer issue 579',
      },
      {
        text: 'A new offer does not say that it is for a new peer: the page has to know when to throw the old one away.',
        source: 'simple-peer 9.11.1, index.js (`signal`)',
      },
    ],
  },
});
