import { defineLab } from '../../lab-kit/define.ts';
import { Four } from './four.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'States',
  summary: 'The four state machines of both ends side by side, and buttons that make something go wrong.',
  panels: ['states', 'ladder', 'faults', 'candidates', 'timeline', 'sdp', 'findings'],
  panel: { title: 'Four at once', component: Four },
  controls: {
    path: {
      label: 'Path',
      choices: { direct: 'Direct', relay: 'Over this site’s relay' },
      initial: 'direct',
    },
    calls: {
      label: 'bob’s calls',
      choices: { awaited: 'One after the other', 'at-once': 'Both at once' },
      initial: 'awaited',
    },
  },
  tellsOutcome: true,
  source,
  run,
});
