import { defineLab } from '../../lab-kit/define.ts';
import { Learned } from './learned.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'What the other side learns',
  summary: 'A call, and beside it all that bob now knows about alice: addresses, browser, network.',
  panels: ['candidates', 'sdp', 'wire', 'ladder', 'timeline', 'findings'],
  panel: { title: 'What bob learned', component: Learned },
  media: true,
  controls: {
    policy: {
      label: 'May be used',
      choices: { all: 'All candidates', relay: 'Relayed ones only' },
      initial: 'all',
    },
    servers: {
      label: 'Servers',
      choices: { stun: 'STUN', turn: 'STUN and TURN' },
      initial: 'turn',
    },
  },
  source,
  run,
});
