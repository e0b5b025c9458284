import { defineLab } from '../../lab-kit/define.ts';
import { Outcome } from './outcome.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Perfect negotiation',
  summary: 'Both peers offer at the same time: with roles they agree, without them both are stable and dead.',
  panels: ['tiles', 'ladder', 'states', 'sdp', 'candidates', 'timeline', 'stats', 'faults', 'findings'],
  panel: { title: 'What came of it', component: Outcome },
  arrangements: ['one-page', 'two-tabs', 'two-devices'],
  media: true,
  tellsOutcome: true,
  controls: {
    roles: {
      label: 'Roles',
      choices: { none: 'None: both do the same', polite: 'bob is polite, alice is not' },
      initial: 'none',
    },
    offset: {
      label: 'bob offers',
      choices: {
        0: 'at the same time',
        50: '50 ms after alice',
        200: '200 ms after alice',
        1000: '1 s after alice',
      },
      initial: '0',
    },
  },
  source,
  run,
});
