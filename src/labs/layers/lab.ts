import { defineLab } from '../../lab-kit/define.ts';
import { LayerMap } from './map.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'The layers of a connection',
  summary: 'Every protocol under a call, lit by what your own connection says of it.',
  panels: ['stats', 'sdp', 'ladder', 'candidates', 'states', 'timeline', 'faults', 'findings'],
  panel: { title: 'Layers', component: LayerMap },
  media: true,
  controls: {
    content: {
      label: 'What crosses',
      choices: { all: 'Picture, sound and data', media: 'Picture and sound', data: 'Data only' },
      initial: 'all',
    },
  },
  source,
  run,
});
