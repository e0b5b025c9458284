import { defineExercise } from '../../lab-kit/exercise/define.ts';

export default defineExercise({
  kind: 'order',
  title: 'From the Wi-Fi to the mobile network',
  task: [
    'alice leaves the house in the middle of a meeting: her laptop loses the Wi-Fi and has a mobile network a moment later. Put what her page does in the order that brings the picture back soonest. Some steps do not depend on each other: they may stand either way.',
  ],
  hints: [
    'An offer has to be carried by something. What carries it, and is that alive?',
    'The server answers only people who are in the room, and a new connection is in none.',
    'First the socket, then the room, then fresh credentials, then `restartIce()`. Only after the answer can a new pair work, and only a new frame says that all is well.',
  ],
  cards: [
    { id: 'event', text: '`online` fires on `window`, or `change` on `navigator.connection`' },
    { id: 'close', text: 'Close the WebSocket, although it says that it is open' },
    { id: 'open', text: 'Open a new WebSocket' },
    {
      id: 'join',
      text: 'Take the seat in the room again, with the token of before, and wait for the acknowledgement',
    },
    { id: 'roster', text: 'Compare the roster: who has come and who has left meanwhile' },
    { id: 'servers', text: '`setConfiguration()` with fresh TURN credentials' },
    { id: 'restart', text: '`restartIce()` on each connection' },
    { id: 'offer', text: 'Send the offer, and again if no answer comes' },
    { id: 'answer', text: '`setRemoteDescription(answer)`' },
    { id: 'pair', text: 'A new pair answers a check, and is selected' },
    { id: 'frame', text: 'A new frame is shown: leave the ladder' },
  ],
  rules: [
    {
      first: 'event',
      later: 'close',
      why: 'Something has to tell you. `disconnected` would too, some seconds later.',
    },
    {
      first: 'close',
      later: 'open',
      why: 'The old one goes from an address that is gone. It may take ten seconds and more to notice that itself.',
    },
    { first: 'open', later: 'join', why: 'The room is joined over the new connection.' },
    {
      first: 'join',
      later: 'roster',
      why: 'Who is there stands in the answer to the join.',
    },
    {
      first: 'join',
      later: 'servers',
      why: 'Credentials come over the same connection, for somebody whom the server knows.',
    },
    {
      first: 'servers',
      later: 'restart',
      why: 'A restart makes new allocations, with what the configuration holds by then.',
    },
    {
      first: 'join',
      later: 'offer',
      why: 'An offer that is sent before the join comes from nobody: it is lost, and nobody answers.',
    },
    {
      first: 'restart',
      later: 'offer',
      why: 'Only an offer with a new ice-ufrag starts the search for another path.',
    },
    { first: 'offer', later: 'answer', why: 'An answer follows an offer.' },
    {
      first: 'answer',
      later: 'pair',
      why: 'The checks need the other side’s new user name and password.',
    },
    {
      first: 'pair',
      later: 'frame',
      why: 'Media comes over a pair that was selected. A state that says `connected` is not yet a picture.',
    },
  ],
});
