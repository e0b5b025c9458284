import { defineLab } from '../../lab-kit/define.ts';
import { FaultsPanel } from './panel.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'A server with faults',
  summary:
    'Offer and answer arrive, ontrack fires, and there is no picture. Find out why, and what else is wrong.',
  panels: ['tiles', 'ladder', 'states', 'candidates', 'sdp', 'timeline', 'stats', 'findings'],
  panel: { title: 'The faults', component: FaultsPanel },
  tellsOutcome: true,
  arrangements: ['one-page'],
  media: true,
  source,
  run,
});
