import { defineLab } from '../../lab-kit/define.ts';
import { meshOf } from '../full-mesh/people.ts';
import { FilePanel } from './panel.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'A meeting in a file',
  summary:
    'Three people meet, one records: all on one picture with one sound, or a file for each. What is in it is read from its pixels and samples.',
  panels: ['ladder', 'stats', 'sdp', 'states', 'timeline', 'findings'],
  panel: { title: 'Files', component: FilePanel },
  pairs: () => meshOf(3),
  media: true,
  controls: {
    how: {
      label: 'alice keeps',
      choices: { composed: 'one file of all', tracks: 'a file for each of them' },
      initial: 'composed',
    },
  },
  source,
  run,
});
