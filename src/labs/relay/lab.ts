import { defineLab } from '../../lab-kit/define.ts';
import { Proof } from './proof.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'TURN and the relay policy',
  summary:
    'The same call twice, directly and over a relay: the proof at both ends, and what the detour costs.',
  panels: ['tiles', 'wire', 'candidates', 'ladder', 'stats', 'faults', 'sdp', 'timeline', 'findings'],
  panel: { title: 'The proof', component: Proof },
  pairs: [
    ['alice', 'bob'],
    ['carol', 'dave'],
  ],
  media: true,
  tellsOutcome: true,
  controls: {
    transport: {
      label: 'To the TURN server over',
      choices: { udp: 'UDP', tcp: 'TCP', tls: 'TLS (where this site has HTTPS)' },
      initial: 'udp',
    },
    who: {
      label: 'Relayed only',
      choices: {
        both: 'carol and dave',
        carol: 'carol; dave may use everything',
        alone: 'carol; dave has STUN only',
      },
      initial: 'both',
    },
  },
  source,
  run,
});
