import { defineLab } from '../../lab-kit/define.ts';
import { meshOf } from '../full-mesh/people.ts';
import { RosterPanel } from './panel.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Join, leave, roster',
  summary:
    'A room at this site’s server, and up to three people who come and go: one tile for each of the others.',
  panels: ['timeline', 'states', 'sdp', 'candidates', 'stats', 'findings'],
  panel: { title: 'The room', component: RosterPanel },
  pairs: meshOf(3),
  media: true,
  tellsOutcome: true,
  source,
  run,
});
