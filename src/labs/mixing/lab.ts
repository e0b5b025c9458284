import { defineLab } from '../../lab-kit/define.ts';
import { endOf, people } from '../full-mesh/people.ts';
import { MixingPanel } from './panel.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'A mixer in a page',
  summary:
    'One page gets everybody’s sound and picture, and sends each of them one of both: who hears whom, by the spectrum.',
  panels: ['ladder', 'stats', 'sdp', 'states', 'timeline', 'candidates', 'findings'],
  panel: { title: 'Mixer', component: MixingPanel },
  pairs: (controls) =>
    people
      .slice(0, Number(controls.people))
      .map((person) => [endOf(person, 'mixer'), endOf('mixer', person)] as const),
  media: true,
  controls: {
    sound: {
      label: 'Each one hears',
      choices: { minus: 'all but themselves (mix-minus)', whole: 'the whole mix' },
      initial: 'minus',
    },
    people: { label: 'People', choices: { '2': '2', '3': '3', '4': '4' }, initial: '3' },
  },
  source,
  run,
});
