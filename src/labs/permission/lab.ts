import { defineLab } from '../../lab-kit/define.ts';
import { PermissionPanel } from './panel.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'getUserMedia and permission',
  summary: 'Ask for camera and microphone, or meet each refusal on purpose and read what to do about it.',
  panels: ['timeline'],
  panel: { title: 'Ask', component: PermissionPanel },
  pairs: [],
  source,
  run,
});
