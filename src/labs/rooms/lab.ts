import { defineLab } from '../../lab-kit/define.ts';
import { RoomPanel } from './panel.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'A room, and who is in it',
  summary:
    'A Socket.IO room server in an editor. Let people come, leave and lose the network, and compare what each believes.',
  panels: ['tiles', 'ladder', 'sdp', 'candidates', 'states', 'timeline', 'stats', 'findings'],
  panel: { title: 'The room', component: RoomPanel },
  tellsOutcome: true,
  arrangements: ['one-page'],
  media: true,
  controls: {
    server: {
      label: 'Server',
      choices: { first: 'A first version', reliable: 'One to rely on' },
      initial: 'first',
    },
  },
  source,
  run,
});
