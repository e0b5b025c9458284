import { defineLab } from '../../lab-kit/define.ts';
import { run } from './run.ts';
import source from './run.ts?raw';
import { Story } from './story.tsx';

export default defineLab({
  title: 'ICE restart and network change',
  summary:
    'The path of a call dies and nobody says so. What brings it back, and how long is the picture away?',
  panels: [
    'tiles',
    'wire',
    'ladder',
    'candidates',
    'states',
    'stats',
    'sdp',
    'timeline',
    'faults',
    'findings',
  ],
  panel: { title: 'What happened', component: Story },
  // The bot has no relayed address, and the relay sends to nothing else.
  arrangements: ['one-page', 'two-tabs', 'two-devices'],
  media: true,
  tellsOutcome: true,
  controls: {
    ladder: {
      label: 'alice’s code',
      choices: {
        nothing: 'does nothing',
        wait: 'waits 10 s, then hangs up',
        disconnected: 'restarts ICE when disconnected',
        failed: 'restarts ICE when failed',
        new: 'opens a new connection when disconnected',
      },
      initial: 'disconnected',
    },
  },
  source,
  run,
});
