import { defineLab } from '../../lab-kit/define.ts';
import { Cost } from './cost.tsx';
import { meshOf } from './people.ts';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Full mesh',
  summary:
    'Two to six people, each connected with each, all in this page: what one of them sends, and your own curve of it.',
  panels: ['ladder', 'stats', 'sdp', 'candidates', 'states', 'timeline', 'findings'],
  panel: { title: 'Cost', component: Cost },
  pairs: ({ people }) => meshOf(Number(people)),
  media: true,
  controls: {
    people: {
      label: 'People',
      choices: { '2': '2', '3': '3', '4': '4', '5': '5', '6': '6' },
      initial: '3',
    },
  },
  source,
  run,
});
