import { defineExercise } from '../../lab-kit/exercise/define.ts';

export default defineExercise({
  kind: 'predict',
  title: 'What does it say now?',
  task: [
    'Twelve moments from recorded runs of two real browsers, Chromium 156 and Firefox 153. Where only one is named, the other does something else. What does the property say?',
  ],
  hints: [
    '`signalingState` follows the calls, `iceGatheringState` the search for candidates, `iceConnectionState` the checks, `connectionState` ICE and DTLS together.',
    'A state changes when the browser gets round to it: never before a call has been carried out, often a task later.',
    'Nothing fails that has not begun: without a candidate of the other side there is nothing to check. And nobody tells a connection that its other end was closed.',
  ],
  questions: [
    {
      id: 'unawaited',
      text: 'alice has one data channel. `const p = pc.setLocalDescription();` and in the next line, without `await`: `pc.signalingState`?',
      choices: [
        {
          text: '`stable`',
          right: true,
          why: 'The call has only been put into the operations chain. Making the offer takes time; the state changes when it is in force.',
        },
        {
          text: '`have-local-offer`',
          why: 'That is what it says after `await p`. A call that gives a promise has not done anything yet when it returns.',
        },
        { text: 'It throws', why: 'Reading a state never throws, whatever is going on.' },
      ],
    },
    {
      id: 'offered',
      text: 'After `await pc.setLocalDescription()`: `pc.signalingState`?',
      choices: [
        {
          text: '`stable`',
          why: 'An offer is open now. It is stable again with the answer, or after a rollback.',
        },
        {
          text: '`have-local-offer`',
          right: true,
          why: 'Her offer is in force on her side; whether anybody has received it does not matter.',
        },
        {
          text: '`have-remote-offer`',
          why: 'That is how bob’s connection stands, when he has set the offer.',
        },
      ],
    },
    {
      id: 'gathering',
      text: 'In the same line of code, right after that `await`: `pc.iceGatheringState`?',
      choices: [
        {
          text: '`new`',
          right: true,
          why: 'Both browsers recorded `new` there, and `gathering` some milliseconds later: gathering begins in a task of its own.',
        },
        {
          text: '`gathering`',
          why: 'Soon. The promise is resolved first, and the gathering reported in a later task.',
        },
        {
          text: '`complete`',
          why: 'Candidates have to be found first, and none has been reported yet.',
        },
      ],
    },
    {
      id: 'remote',
      text: 'bob: after `await pc.setRemoteDescription(offer)`, before he answers: `pc.connectionState`?',
      choices: [
        {
          text: '`new`',
          right: true,
          why: 'He has no description of his own yet, so no user name to be checked under, and no check goes out.',
        },
        { text: '`connecting`', why: 'That begins when checks do, and they need his own description.' },
        { text: '`have-remote-offer`', why: 'That is his `signalingState`: another machine.' },
      ],
    },
    {
      id: 'answered',
      text: 'bob: after `await pc.setLocalDescription()`, the answer. It has not been sent. `pc.signalingState`?',
      choices: [
        {
          text: '`have-local-answer`',
          why: 'There is no such state. With the answer the negotiation is over on the side that made it.',
        },
        {
          text: '`stable`',
          right: true,
          why: 'Offer and answer are in force for him. That alice does not know it yet changes nothing at his end.',
        },
        {
          text: '`have-remote-offer`, until alice has it',
          why: 'A connection knows what was set on it and nothing else. It cannot know what has been sent.',
        },
      ],
    },
    {
      id: 'ice-first',
      text: '`iceConnectionState` has become `connected`, this very moment. In Chromium: `pc.connectionState`?',
      choices: [
        {
          text: '`new` or `connecting`',
          right: true,
          why: 'There is a path, but no keys: the handshake of DTLS goes over it now. Chromium told `connecting` after that, and `connected` some milliseconds later.',
        },
        {
          text: '`connected`',
          why: 'It waits for DTLS as well, on every transport. That is the difference between the two machines.',
        },
        {
          text: '`completed`',
          why: 'Only `iceConnectionState` has that state.',
        },
      ],
    },
    {
      id: 'both-lost',
      text: 'Every candidate is lost, both ways, and six seconds have passed. In Chromium: `pc.iceConnectionState`?',
      choices: [
        {
          text: '`failed`',
          why: 'Not in Chromium. With no candidate of the other side there is no pair, no check, and nothing that could fail.',
        },
        {
          text: '`disconnected`',
          why: 'That is for a path that worked and has gone silent.',
        },
        {
          text: '`new`',
          right: true,
          why: 'And it stays so for as long as you wait. A deadline of your own is the only way to find out.',
        },
      ],
    },
    {
      id: 'both-lost-firefox',
      text: 'The same in Firefox, after six seconds: `pc.iceConnectionState`?',
      choices: [
        {
          text: '`failed`',
          right: true,
          why: 'It was reported after 5.0 seconds, without ever having been `checking`.',
        },
        { text: '`new`', why: 'That is Chromium’s way. Firefox gives up after five seconds.' },
        { text: '`checking`', why: 'There was never a pair to check.' },
      ],
    },
    {
      id: 'one-way',
      text: 'alice’s candidates are lost, bob’s arrive. After a second: `connectionState` of alice?',
      choices: [
        {
          text: '`connecting`: one half is missing',
          why: 'A check carries its sender’s address by arriving. Nobody has to tell it beforehand.',
        },
        {
          text: '`connected`',
          right: true,
          why: 'She checks bob’s candidates. He sees where her checks come from and answers there: a `prflx` candidate.',
        },
        {
          text: '`failed`',
          why: 'A pair worked. One direction of candidates is enough where no NAT stands in the way.',
        },
      ],
    },
    {
      id: 'closed-remote',
      text: 'A connected call. bob calls `pc.close()`. One second later: `connectionState` of alice?',
      choices: [
        { text: '`closed`', why: 'That is for her own `close()`. Nobody has called it.' },
        {
          text: '`connected`',
          right: true,
          why: 'In both browsers. Chromium said `disconnected` six seconds after, when no check was answered any more; Firefox took more than nine. So say goodbye over signaling.',
        },
        { text: '`failed`', why: 'Much later, if at all.' },
      ],
    },
    {
      id: 'closed-self',
      text: 'alice calls `pc.close()` herself and listens for `connectionstatechange`. What does she hear?',
      choices: [
        {
          text: 'Nothing; `connectionState` is `closed` all the same',
          right: true,
          why: 'close() sets the states and fires no event. Whoever waits for one waits for ever.',
        },
        { text: 'One event, with `closed`', why: 'Neither browser fires it, and the standard forbids it.' },
        {
          text: 'Two events: `disconnected`, then `closed`',
          why: 'There is no way back from your own close(), and no event on it.',
        },
      ],
    },
    {
      id: 'rollback',
      text: "alice is in `have-local-offer` and calls `await pc.setLocalDescription({ type: 'rollback' })`. `pc.signalingState`?",
      choices: [
        {
          text: '`stable`',
          right: true,
          why: 'The offer is taken back as if it had never been made. What was in force before is in force again.',
        },
        { text: '`closed`', why: 'Only close() leads there.' },
        { text: '`have-local-offer`', why: 'It is that offer that was rolled back.' },
      ],
    },
  ],
});
