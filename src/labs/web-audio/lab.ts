import { defineLab } from '../../lab-kit/define.ts';
import { AudioDesk } from './audio-desk.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Web Audio',
  summary: 'Sound through a filter and a mixer, before and after a call, measured at each place.',
  panels: ['ladder', 'sdp', 'stats', 'states', 'timeline', 'faults', 'findings'],
  panel: { title: 'The sound', component: AudioDesk },
  arrangements: ['one-page', 'two-tabs', 'two-devices'],
  media: true,
  controls: {
    mixed: {
      label: 'Mixed to alice’s sound',
      choices: { nothing: 'Nothing', tone: 'A tone of 2 000 Hz', noise: 'Noise' },
      initial: 'tone',
    },
    filtered: {
      label: 'Filter and gain',
      choices: { before: 'Before the connection (alice)', after: 'After it (bob)' },
      initial: 'before',
    },
    element: {
      label: 'bob’s stream also plays',
      choices: { muted: 'In an element, muted', none: 'Nowhere' },
      initial: 'muted',
    },
  },
  source,
  run,
});
