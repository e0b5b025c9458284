import { defineLab } from '../../lab-kit/define.ts';
import { Judge } from './judge.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Server tester',
  summary:
    'A relay is proved by bytes that come back. Judge twelve recorded cases, then read which rule does.',
  panels: ['ladder', 'candidates', 'states', 'timeline', 'stats', 'findings'],
  panel: { title: 'The verdict', component: Judge },
  arrangements: ['one-page'],
  tellsOutcome: true,
  controls: {
    server: {
      label: 'Server',
      choices: {
        own: 'This playground’s own',
        wrong: 'Its own, with a wrong credential',
        dead: 'A port where nobody listens',
      },
      initial: 'own',
    },
    transport: { label: 'Reached over', choices: { udp: 'UDP', tcp: 'TCP' }, initial: 'udp' },
  },
  source,
  run,
});
