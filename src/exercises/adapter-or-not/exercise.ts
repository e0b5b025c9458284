import { defineExercise } from '../../lab-kit/exercise/define.ts';

const both = 'in both';
const chromium = 'only in Chromium';
const firefox = 'only in Firefox';
const neither = 'in neither';

export default defineExercise({
  kind: 'predict',
  title: 'Adapter or not?',
  task: [
    'Six things that differ from browser to browser, or once did. In which of the two, Chromium 156 and Firefox 153, do you get another answer when `webrtc-adapter` 9.0.6 has been loaded?',
    'The lab of this lesson asks all six in your browser. It is no cheating to look; but guess first.',
  ],
  hints: [
    'A shim can add a method that is missing. It can wrap one that is there. It can make nothing that needs code of the browser’s own.',
    'It patches what its authors knew to be broken, by the version of the browser. What was repaired since is left alone.',
    'Three of the six answers are the same with and without it in both browsers. One patch turns what worked into an error.',
  ],
  questions: [
    {
      id: 'old-get-user-media',
      text: '`navigator.getUserMedia` is there',
      choices: [
        { text: both, why: 'Chromium still has this method by itself.' },
        {
          text: chromium,
          why: 'Chromium still has this method by itself; it is the other one that has not.',
        },
        {
          text: firefox,
          right: true,
          why: 'Firefox has none; adapter adds one that calls the method of today.',
        },
        { text: neither, why: 'Firefox has none, and adapter adds it.' },
      ],
    },
    {
      id: 'remove-stream',
      text: '`pc.removeStream(stream)` stops sending',
      choices: [
        { text: both, why: 'In Chromium it works with and without.' },
        { text: chromium, why: 'In Chromium it is replaced, and the outcome is the same.' },
        {
          text: firefox,
          right: true,
          why: 'A TypeError without. Adapter writes the method with removeTrack().',
        },
        { text: neither, why: 'Firefox has addStream() and not removeStream(); adapter adds it.' },
      ],
    },
    {
      id: 'add-stream-twice',
      text: '`pc.addStream(stream)` is called twice with the same stream',
      choices: [
        { text: both, why: 'Firefox says InvalidAccessError by itself.' },
        {
          text: chromium,
          right: true,
          why: 'Chromium lets it pass by itself. With adapter it is an InvalidAccessError, as in Firefox.',
        },
        { text: firefox, why: 'Firefox says InvalidAccessError with and without.' },
        { text: neither, why: 'Chromium lets it pass, and adapter does not.' },
      ],
    },
    {
      id: 'object-url',
      text: '`URL.createObjectURL(stream)` gives an address for a `<video>`',
      choices: [
        { text: both, why: 'A TypeError, with and without: adapter gave up this one.' },
        { text: chromium, why: 'A TypeError, with and without.' },
        { text: firefox, why: 'A TypeError, with and without.' },
        {
          text: neither,
          right: true,
          why: 'It has been gone for years, and adapter does not bring it back.',
        },
      ],
    },
    {
      id: 'early-null-candidate',
      text: '`addIceCandidate(null)` is called before there is a remote description',
      choices: [
        { text: both, why: 'Chromium takes it, Firefox does not: with adapter, too.' },
        { text: chromium, why: 'Chromium takes it, with and without.' },
        { text: firefox, why: 'Firefox refuses it, as the standard says, with and without.' },
        {
          text: neither,
          right: true,
          why: 'The two differ, and adapter leaves it so. It looks after older versions only.',
        },
      ],
    },
    {
      id: 'codecs',
      text: 'The list of video codecs that can be sent',
      choices: [
        { text: both, why: 'An encoder is no matter of JavaScript.' },
        { text: chromium, why: 'An encoder is no matter of JavaScript.' },
        { text: firefox, why: 'An encoder is no matter of JavaScript.' },
        {
          text: neither,
          right: true,
          why: 'The lists may differ, and no script can change that. Ask getCapabilities(), and be prepared.',
        },
      ],
    },
  ],
});
