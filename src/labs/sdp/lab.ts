import { defineLab } from '../../lab-kit/define.ts';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Reading SDP',
  summary:
    'Your browser’s own offer and the answer to it, line by line: what each line says and where it lives on.',
  panels: ['sdp', 'ladder', 'candidates', 'stats', 'states', 'timeline', 'faults', 'findings'],
  media: true,
  controls: {
    media: {
      label: 'alice’s media',
      choices: { both: 'Audio and video', audio: 'Audio', video: 'Video', none: 'None' },
      initial: 'both',
    },
    direction: {
      label: 'Direction',
      choices: { sendrecv: 'Send and receive', recvonly: 'Receive only' },
      initial: 'sendrecv',
    },
    data: { label: 'Data channel', choices: { yes: 'Yes', no: 'No' }, initial: 'yes' },
    options: {
      label: 'createOffer()',
      choices: {
        none: 'No options',
        audio: 'offerToReceiveAudio: true',
        video: 'offerToReceiveVideo: true',
        'no-audio': 'offerToReceiveAudio: false',
        'no-vad': 'voiceActivityDetection: false',
      },
      initial: 'none',
    },
  },
  source,
  run,
});
