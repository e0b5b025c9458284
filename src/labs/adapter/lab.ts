import { defineLab } from '../../lab-kit/define.ts';
import { AdapterPanel } from './panel.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'What webrtc-adapter changes',
  summary: 'One page with it and one without: which functions it replaces, and which answers change.',
  panels: ['timeline'],
  panel: { title: 'With and without', component: AdapterPanel },
  pairs: [],
  source,
  run,
});
