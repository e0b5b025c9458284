import { defineLab } from '../../lab-kit/define.ts';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'The title of this lab',
  summary: 'One sentence: what one sees here.',
  panels: ['ladder', 'sdp', 'candidates', 'states', 'timeline', 'faults', 'findings'],
  source,
  run,
});
