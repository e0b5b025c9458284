import { defineExercise } from '../../lab-kit/exercise/define.ts';

export default defineExercise({
  kind: 'predict',
  title: 'How many events fire?',
  task: [
    'A call with one audio section is up and `signalingState` is `stable`. A listener counts `negotiationneeded`, and offers each time, unless it says otherwise. How far does the counter get?',
  ],
  hints: [
    'The browser keeps one flag for the whole connection. The event fires when it goes up, and only then.',
    'The flag is looked at in a task of its own, after your code has run; and not while an exchange is under way.',
    'Ask of each line: does the present description, as the other side has answered it, cover this?',
  ],
  questions: [
    {
      id: 'one-task',
      text: '`pc.addTrack(a); pc.addTrack(b); pc.addTransceiver("video");` in one task',
      choices: [
        { text: '1', right: true, why: 'One flag, one event; the offer that follows has all three.' },
        { text: '3', why: 'The event does not say what changed, so one is enough: it is queued once.' },
        { text: '0', why: 'Each of them needs an m-section that the other side does not know yet.' },
      ],
    },
    {
      id: 'nobody-offers',
      text: '`pc.addTransceiver("audio")`, and a second later `pc.addTransceiver("video")`. The listener counts, and does **not** offer',
      choices: [
        {
          text: '1',
          right: true,
          why: 'The flag is still up from the first one. It goes down only by an exchange.',
        },
        {
          text: '2',
          why: 'Time does not matter. As long as nobody has offered, the first event still stands.',
        },
        { text: '0', why: 'A new transceiver always needs an offer.' },
      ],
    },
    {
      id: 'under-way',
      text: '`pc.addTrack(a)`. While the offer is on its way, `pc.addTrack(b)` and `pc.addTrack(c)`',
      choices: [
        {
          text: '2',
          right: true,
          why: 'One for the first; when the answer is set, the connection looks again, finds two tracks that the exchange did not cover, and fires once for both.',
        },
        { text: '3', why: 'The last two are found together, when the exchange is over.' },
        { text: '1', why: 'The offer was made before: it cannot hold what came later.' },
      ],
    },
    {
      id: 'no-offer',
      text: '`sender.replaceTrack(other); track.enabled = false; sender.setParameters(parameters);` in one task',
      choices: [
        { text: '0', right: true, why: 'None of them changes what the two have agreed on.' },
        { text: '1', why: 'What is sent changes, not the m-section in which it is sent.' },
        { text: '3', why: 'Not even one: no section changes.' },
      ],
    },
    {
      id: 'channels',
      text: '`pc.createDataChannel("a")`, and when it is open `pc.createDataChannel("b")`',
      choices: [
        {
          text: '1',
          right: true,
          why: 'The first needs the m=application section; all further ones share it.',
        },
        {
          text: '2',
          why: 'The second opens inside the SCTP association that is there, by a message of its own.',
        },
        { text: '0', why: 'There is no m=application section in a call with sound only.' },
      ],
    },
  ],
});
