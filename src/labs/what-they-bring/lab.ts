import { defineLab } from '../../lab-kit/define.ts';
import { BroughtPanel } from './panel.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'What libraries bring along',
  summary:
    'simple-peer and PeerJS, each in an empty page: how much script, what they change, and which servers they name.',
  panels: ['timeline'],
  panel: { title: 'What they bring', component: BroughtPanel },
  pairs: [],
  source,
  run,
});
