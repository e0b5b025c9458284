import { defineExercise } from '../../lab-kit/exercise/define.ts';

export default defineExercise({
  kind: 'predict',
  title: 'Before the stream',
  task: ['What does the browser do? The lab above shows each of these cases, or one like it.'],
  hints: [
    'A promise has three states, and one of them can last.',
    'What is not allowed at all need not be asked about.',
    'One call, one answer: there is no half of a stream.',
  ],
  questions: [
    {
      id: 'ignored',
      text: 'The browser asks, and the person goes for a coffee. What is the promise of `getUserMedia()` half an hour later?',
      choices: [
        {
          text: 'Rejected with a timeout',
          why: 'The standard sets no limit: a person is not obliged to choose.',
        },
        {
          text: 'Still pending',
          right: true,
          why: 'It settles when there is an answer. So show that you wait, and offer a way on without a camera.',
        },
        {
          text: 'Fulfilled with an empty stream',
          why: 'It is fulfilled with what was asked for, or rejected.',
        },
      ],
    },
    {
      id: 'phone',
      text: 'On your laptop the page works at `http://localhost:3000`. A phone opens `http://192.168.1.5:3000` from it. What happens on the phone?',
      choices: [
        {
          text: 'The phone asks for permission as the laptop did',
          why: 'An address in the local network by plain http is no secure context; localhost is one, by exception.',
        },
        {
          text: '`NotAllowedError`',
          why: 'It does not come to a call: there is no object that has the method.',
        },
        {
          text: '`navigator.mediaDevices` is `undefined`, and the call a `TypeError`',
          right: true,
          why: 'The whole interface exists in secure contexts only. The phone needs https.',
        },
      ],
    },
    {
      id: 'await',
      text: '`video.srcObject = navigator.mediaDevices.getUserMedia({ video: true })` without `await`. What comes of the assignment?',
      choices: [
        {
          text: 'The picture appears when the promise is fulfilled',
          why: 'The element knows nothing of promises.',
        },
        { text: 'A `TypeError`, at once', right: true, why: 'A promise is no `MediaStream`.' },
        { text: 'A black picture and no error', why: 'The setter checks what it is given.' },
      ],
    },
    {
      id: 'refused',
      text: 'Somebody said “never” last week. Your page asks again. What does the person see?',
      choices: [
        { text: 'The question, once more', why: 'The answer was kept for this origin.' },
        {
          text: 'Nothing: the call rejects with `NotAllowedError`',
          right: true,
          why: 'Only the person can change it, beside the address bar. Say so, for nothing else will.',
        },
        { text: 'The question, but only after a click', why: 'A gesture does not undo a refusal.' },
      ],
    },
    {
      id: 'both',
      text: 'A computer has a camera and no microphone. `getUserMedia({ audio: true, video: true })`?',
      choices: [
        {
          text: 'A stream with the camera alone',
          why: 'Each kind that you ask for has to be there. To take what there is, ask again for less.',
        },
        {
          text: '`NotFoundError`, and no camera either',
          right: true,
          why: 'All or nothing. Ask for one kind at a time, or try again without the one that is missing.',
        },
        { text: '`OverconstrainedError`', why: 'That is about what a device can do, not about having one.' },
      ],
    },
  ],
});
