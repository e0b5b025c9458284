import { defineLab } from '../../lab-kit/define.ts';
import { Security } from './security.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'A server that is not honest',
  summary: 'alice calls bob through a server that may sit between them: the call works, and four words tell.',
  panels: ['tiles', 'ladder', 'sdp', 'states', 'candidates', 'timeline', 'stats', 'faults', 'findings'],
  panel: { title: 'Who is there?', component: Security },
  pairs: [
    ['alice', 'bob'],
    ['fake-alice', 'fake-bob'],
  ],
  media: true,
  tellsOutcome: true,
  controls: {
    server: {
      label: 'The server',
      choices: {
        honest: 'passes everything on',
        swaps: 'changes the fingerprints',
        mallory: 'puts mallory between',
      },
      initial: 'honest',
    },
  },
  source,
  run,
});
