import { defineLab } from '../../lab-kit/define.ts';
import { TreePanel } from './panel.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';
import { edgesOf, type Shape } from './shape.ts';

export default defineLab({
  title: 'One to many',
  summary:
    'alice’s picture goes to many, straight or from viewer to viewer: what each hop costs, by the clock in the picture.',
  panels: ['ladder', 'stats', 'sdp', 'states', 'timeline', 'candidates', 'findings'],
  panel: { title: 'Hops', component: TreePanel },
  pairs: ({ shape, people }) => edgesOf(shape as Shape, Number(people)),
  media: true,
  controls: {
    shape: {
      label: 'Shape',
      choices: {
        star: 'star: alice sends to each',
        tree: 'tree: two stand behind each one',
        chain: 'chain: one behind each one',
        focus: 'focus: all have a camera, alice passes on',
      },
      initial: 'tree',
    },
    people: { label: 'People', choices: { '3': '3', '4': '4', '5': '5', '6': '6' }, initial: '5' },
  },
  source,
  run,
});
