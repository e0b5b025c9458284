import { defineLab } from '../../lab-kit/define.ts';
import { run } from './run.ts';
import source from './run.ts?raw';
import { Sharing } from './sharing.tsx';

export default defineLab({
  title: 'Screen capture',
  summary:
    'A call with a camera, and a screen that takes its place: the picker, the settings, both stop buttons.',
  panels: ['tiles', 'stats', 'timeline', 'ladder', 'sdp', 'states', 'faults', 'findings'],
  panel: { title: 'Sharing', component: Sharing },
  arrangements: ['one-page', 'two-tabs', 'two-devices'],
  media: true,
  controls: {
    source: {
      label: 'What is shared',
      choices: {
        drawn: 'A drawn desktop (stand-in)',
        picker: 'Your own choice',
        old: 'The old way: chromeMediaSource',
      },
      initial: 'drawn',
    },
    surface: {
      label: 'displaySurface',
      choices: { any: 'Any', browser: 'browser: a tab', window: 'window', monitor: 'monitor' },
      initial: 'any',
    },
    sound: { label: 'Its sound', choices: { no: 'No', yes: 'Ask for it' }, initial: 'no' },
    hint: {
      label: 'contentHint',
      choices: { '': 'None', motion: 'motion', detail: 'detail', text: 'text' },
      initial: '',
    },
    bitrate: {
      label: 'Bandwidth',
      choices: { free: 'As it comes', low: '150 kbit/s at most' },
      initial: 'free',
    },
  },
  source,
  run,
});
