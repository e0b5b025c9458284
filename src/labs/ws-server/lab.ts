import { defineLab } from '../../lab-kit/define.ts';
import { ServerPanel } from './panel.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'A server for two',
  summary:
    'A WebSocket server of thirty lines, in an editor: change it, start it, and see each message that it carries.',
  panels: ['tiles', 'ladder', 'sdp', 'candidates', 'states', 'timeline', 'stats', 'findings'],
  panel: { title: 'The server', component: ServerPanel },
  tellsOutcome: true,
  arrangements: ['one-page'],
  media: true,
  pairs: [['sender', 'receiver']],
  controls: {
    server: {
      label: 'Server',
      choices: { relay: 'Hands on', keeps: 'Hands on, and keeps what is early' },
      initial: 'relay',
    },
    receiver: {
      label: 'The receiver comes',
      choices: { first: 'Before the sender', late: 'After the offer' },
      initial: 'first',
    },
    ways: {
      label: 'Pictures',
      choices: { one: 'One way', two: 'Both ways' },
      initial: 'one',
    },
  },
  source,
  run,
});
