import { defineLab } from '../../lab-kit/define.ts';
import { InCall } from './panel.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'In the call',
  summary: 'Mute, camera, screen: buttons of a running call, and how many offers each of them costs.',
  panels: ['ladder', 'sdp', 'stats', 'timeline', 'states', 'candidates', 'findings'],
  panel: { title: 'Buttons', component: InCall },
  arrangements: ['one-page'],
  media: true,
  controls: {
    way: {
      label: 'The buttons',
      choices: { replace: 'replace what is in an m-line', add: 'add and remove tracks' },
      initial: 'replace',
    },
  },
  source,
  run,
});
