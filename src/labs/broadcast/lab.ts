import { defineLab } from '../../lab-kit/define.ts';
import { BroadcastPanel } from './panel.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Broadcast',
  summary:
    'alice publishes by WHIP. The same clock comes by WHEP over WebRTC, and in pieces over HTTP: the delay of each.',
  panels: ['stats', 'sdp', 'states', 'timeline', 'candidates', 'findings'],
  panel: { title: 'Delays', component: BroadcastPanel },
  pairs: [
    ['alice', 'ingest'],
    ['bob', 'egress'],
  ],
  controls: {
    by: {
      label: 'Over HTTP',
      choices: { segments: 'whole segments', parts: 'parts, as soon as they are made' },
      initial: 'segments',
    },
  },
  source,
  run,
});
