import { defineLab } from '../../lab-kit/define.ts';
import { Negotiations } from './negotiations.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Renegotiation',
  summary:
    'A running call is changed: what each offer brought, how long it took, and what it did to the sound.',
  panels: ['tiles', 'ladder', 'sdp', 'states', 'timeline', 'stats', 'candidates', 'faults', 'findings'],
  panel: { title: 'The negotiations', component: Negotiations },
  // The bot knows only final answers.
  arrangements: ['one-page', 'two-tabs', 'two-devices'],
  media: true,
  controls: {
    does: {
      label: 'In the call',
      choices: {
        upgrade: 'alice adds her picture',
        three: 'alice makes three changes in one task',
        provisional: 'bob answers provisionally first',
        rollback: 'alice takes an offer back',
        many: 'alice adds sections, up to 32',
      },
      initial: 'upgrade',
    },
  },
  source,
  run,
});
