import { defineLab } from '../../lab-kit/define.ts';
import { Race } from './race.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Trickle ICE',
  summary: 'Two calls in a race: one sends each candidate at once, the other waits for them.',
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
    wait: {
      label: 'carol and dave wait',
      choices: { complete: 'Until gathering is complete', second: 'A second, with setTimeout' },
      initial: 'complete',
    },
  },
  source,
  run,
});
