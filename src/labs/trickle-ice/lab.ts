import { defineLab } from '../../lab-kit/define.ts';
import { Race } from './race.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Trickle ICE',
  summary: 'Two calls in a race: one sends each candidate at once, the other waits until it has them all.',
  panels: ['ladder', 'candidates', 'sdp', 'states', 'timeline', 'faults', 'findings'],
  panel: { title: 'The race', component: Race },
  pairs: [
    ['alice', 'bob'],
    ['carol', 'dave'],
  ],
  controls: {
    stun: {
      label: 'STUN server',
      choices: { none: 'None: host candidates only', silent: 'One that never answers' },
      initial: 'none',
    },
  },
  source,
  run,
});
