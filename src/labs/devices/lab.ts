import { defineLab } from '../../lab-kit/define.ts';
import { DevicesPanel } from './panel.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Devices',
  summary: 'List cameras, microphones and loudspeakers, choose among them, and pull a plug.',
  panels: ['timeline'],
  panel: { title: 'Device bench', component: DevicesPanel },
  pairs: [],
  controls: {
    devices: {
      label: 'Devices',
      choices: { virtual: 'Virtual, drawn', real: 'Yours' },
      initial: 'virtual',
    },
  },
  source,
  run,
});
