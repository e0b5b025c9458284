import { defineLab } from '../../lab-kit/define.ts';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'A call in sixty seconds',
  summary: 'Two peers, one button: a real call, with every message between them on the table.',
  panels: ['tiles', 'ladder', 'sdp', 'candidates', 'states', 'timeline', 'stats', 'faults', 'findings'],
  arrangements: ['one-page', 'two-devices', 'two-tabs', 'bot'],
  signaling: 'server',
  media: true,
  source,
  run,
});
