import { defineLab } from '../../lab-kit/define.ts';
import { run } from './run.ts';
import source from './run.ts?raw';
import { Sending } from './sending.tsx';

export default defineLab({
  title: 'Codec and header control',
  summary:
    'Choose the codec, the bitrate, the size and the header extensions of a call: no line of SDP is edited.',
  panels: ['tiles', 'sdp', 'stats', 'ladder', 'timeline', 'states', 'candidates', 'faults', 'findings'],
  panel: { title: 'What is sent', component: Sending },
  arrangements: ['one-page', 'two-tabs', 'two-devices'],
  media: true,
  controls: {
    codec: {
      label: 'setCodecPreferences()',
      choices: { own: 'not called', VP8: 'VP8 first', VP9: 'VP9 first', AV1: 'AV1 first' },
      initial: 'own',
    },
    extensions: {
      label: 'Header extensions',
      choices: { all: 'as the browser offers', few: 'only the necessary ones' },
      initial: 'all',
    },
  },
  source,
  run,
});
