import { defineLab } from '../../lab-kit/define.ts';
import { RecorderPanel } from './recorder.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Recording',
  summary:
    'A call is recorded in the browser: pause it, stop it, play the file, look at what it says of itself.',
  panels: ['tiles', 'ladder', 'stats', 'sdp', 'states', 'timeline', 'faults', 'findings'],
  panel: { title: 'The recorder', component: RecorderPanel },
  arrangements: ['one-page', 'two-tabs', 'two-devices'],
  media: true,
  controls: {
    what: {
      label: 'Record',
      choices: { received: 'What bob receives', composed: 'Both pictures on a canvas' },
      initial: 'received',
    },
    format: {
      label: 'Format',
      choices: { browser: 'The browser’s own choice', webm: 'video/webm', mp4: 'video/mp4' },
      initial: 'browser',
    },
    bitrate: {
      label: 'Bits for the picture',
      choices: { browser: 'The browser’s own choice', '250000': '250 kbit/s', '2500000': '2.5 Mbit/s' },
      initial: 'browser',
    },
    pieces: {
      label: 'dataavailable',
      choices: { end: 'Once, at the end', '250': 'Four times a second', '1000': 'Once a second' },
      initial: '250',
    },
  },
  source,
  run,
});
