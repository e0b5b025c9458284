import { defineLab } from '../../lab-kit/define.ts';
import { Found } from './found.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'STUN on the wire',
  summary: 'What your browser asks a STUN server, what it is answered, and what it makes of that.',
  panels: ['tiles', 'ladder', 'wire', 'candidates', 'sdp', 'timeline', 'faults', 'findings'],
  panel: { title: 'What STUN found', component: Found },
  media: true,
  tellsOutcome: true,
  // The bot sits in the server itself: no address of its own is behind the NAT.
  arrangements: ['one-page', 'two-tabs', 'two-devices'],
  controls: {
    path: {
      label: 'STUN server',
      choices: {
        direct: 'Straight',
        nat: 'Through a NAT',
        'nat-blocked': 'Through a NAT that blocks',
      },
      initial: 'direct',
    },
    relay: {
      label: 'Relay',
      choices: { no: 'None', yes: 'Over TURN' },
      initial: 'no',
    },
  },
  source,
  run,
});
