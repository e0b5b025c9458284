import { defineLab } from '../../lab-kit/define.ts';
import { PathPanel } from './path.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Through two NATs',
  summary:
    'The same call from whatever networks you have: which addresses it finds, and which pair of them works.',
  panels: [
    'tiles',
    'ladder',
    'wire',
    'candidates',
    'sdp',
    'states',
    'timeline',
    'stats',
    'faults',
    'findings',
  ],
  panel: { title: 'The way', component: PathPanel },
  tellsOutcome: true,
  arrangements: ['one-page', 'two-devices', 'two-tabs'],
  signaling: 'server',
  media: true,
  controls: {
    servers: {
      label: 'ICE servers',
      choices: { stun: 'STUN only', turn: 'STUN and TURN' },
      initial: 'turn',
    },
    policy: {
      label: 'Candidates',
      choices: { all: 'All that are found', relay: 'Relay only' },
      initial: 'all',
    },
  },
  source,
  run,
});
