import { defineExercise } from '../../lab-kit/exercise/define.ts';

const both = 'Chromium and Firefox accept it';
const chromium = 'only Chromium accepts it';
const firefox = 'only Firefox accepts it';
const neither = 'neither accepts it';

export default defineExercise({
  kind: 'predict',
  title: 'Which edits go through?',
  task: [
    'Somebody takes the text of `createOffer()`, edits one thing in it, and gives it to `setLocalDescription()`. The standard says that this is an error, whatever was edited. What do Chromium 156 and Firefox 153 say?',
  ],
  hints: [
    'A browser refuses for certain what it would have to be told twice: the shape of the description, which its transceivers have already.',
    'What is only a wish to the other side goes through most easily.',
    'The two browsers differ in two of the four. One of these is a matter of security, and it is not the stricter one that you might think of.',
  ],
  questions: [
    {
      id: 'fmtp',
      text: '`a=fmtp:` of Opus gets `;stereo=1;maxaveragebitrate=20000`',
      choices: [
        { text: both, right: true, why: 'It is a wish for what one receives; the other side reads it.' },
        { text: chromium, why: 'Firefox takes the line as it is, too.' },
        { text: firefox, why: 'Chromium takes the line as it is, too.' },
        { text: neither, why: 'Both accept it: it is the edit that most programs make.' },
      ],
    },
    {
      id: 'ufrag',
      text: '`a=ice-ufrag:` is given another value in each section',
      choices: [
        { text: both, right: true, why: 'They take it for their own and check with it; the call connects.' },
        { text: chromium, why: 'Firefox, too, answers checks under the name that it is given.' },
        { text: firefox, why: 'Chromium, too, answers checks under the name that it is given.' },
        { text: neither, why: 'Both use the new name from then on.' },
      ],
    },
    {
      id: 'mid',
      text: '`a=mid:0` becomes `a=mid:x`, in the section and in `a=group:BUNDLE`',
      choices: [
        {
          text: both,
          why: 'Firefox: InvalidModificationError, changing the mid of m-sections is not allowed.',
        },
        {
          text: chromium,
          right: true,
          why: 'Firefox says that changing the mid of m-sections is not allowed.',
        },
        { text: firefox, why: 'It is the other way round.' },
        { text: neither, why: 'Chromium gives its transceiver the new mid.' },
      ],
    },
    {
      id: 'fingerprint',
      text: 'Two digits of `a=fingerprint:` are changed',
      choices: [
        {
          text: both,
          why: 'Chromium compares it with its certificate and refuses with InvalidModificationError.',
        },
        { text: chromium, why: 'Chromium compares it with its certificate and refuses.' },
        {
          text: firefox,
          right: true,
          why: 'Firefox sends it on, and the handshake fails later: the certificate does not fit. Chromium refuses at once.',
        },
        { text: neither, why: 'Firefox does not compare it with its own certificate.' },
      ],
    },
  ],
});
