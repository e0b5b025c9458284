import { defineLab } from '../../lab-kit/define.ts';
import { ConstraintsPanel } from './panel.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Constraints',
  summary: 'Ask a camera for a size, a shape and a rate, and compare what was asked, granted and possible.',
  panels: ['timeline'],
  panel: { title: 'Constraints bench', component: ConstraintsPanel },
  pairs: [],
  controls: {
    camera: {
      label: 'Camera',
      choices: { virtual: 'Virtual, drawn', real: 'Yours', canvas: 'A bare canvas track' },
      initial: 'virtual',
    },
  },
  source,
  run,
});
