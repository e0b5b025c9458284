import { defineLab } from '../../lab-kit/define.ts';
import { Consent } from './consent.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Checks and nomination',
  summary: 'Who checks whom, which pair is nominated, and what happens when the answers stop.',
  panels: ['candidates', 'wire', 'ladder', 'states', 'timeline', 'faults', 'sdp', 'findings'],
  panel: { title: 'Checks now', component: Consent },
  controls: {
    path: {
      label: 'Path',
      choices: { direct: 'Direct', relay: 'Over this site’s relay' },
      initial: 'direct',
    },
    candidates: {
      label: 'Candidates told',
      choices: { both: 'By both sides', one: 'By the one who offers only' },
      initial: 'both',
    },
  },
  source,
  run,
});
