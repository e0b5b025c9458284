import { defineLab } from '../../lab-kit/define.ts';
import { run } from './run.ts';
import { Sources } from './sources.tsx';
import source from './run.ts?raw';

export default defineLab({
  title: 'Candidates',
  summary: 'Every address at which alice might be reached: who told her of it, and what its priority says.',
  panels: ['candidates', 'wire', 'ladder', 'sdp', 'timeline', 'faults', 'findings'],
  panel: { title: 'Where each came from', component: Sources },
  controls: {
    servers: {
      label: 'Servers',
      choices: { none: 'None', stun: 'STUN', turn: 'STUN and TURN' },
      initial: 'turn',
    },
    policy: {
      label: 'May be used',
      choices: { all: 'All candidates', relay: 'Relayed ones only' },
      initial: 'all',
    },
    sections: {
      label: 'Offer',
      choices: { one: 'One m-section', three: 'Three m-sections' },
      initial: 'one',
    },
  },
  source,
  run,
});
