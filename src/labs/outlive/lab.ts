import { defineLab } from '../../lab-kit/define.ts';
import { Outlive } from './panel.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'A call that outlives its server',
  summary: 'Kill the signaling server in the middle of a call: the pictures go on, and the roster heals.',
  panels: ['tiles', 'timeline', 'states', 'stats', 'sdp', 'candidates', 'findings'],
  panel: { title: 'Room and call', component: Outlive },
  arrangements: ['one-page'],
  media: true,
  tellsOutcome: true,
  controls: {
    lost: {
      label: 'When the server is gone',
      choices: { keep: 'the page keeps the call', 'hang-up': 'the page hangs up' },
      initial: 'keep',
    },
  },
  source,
  run,
});
