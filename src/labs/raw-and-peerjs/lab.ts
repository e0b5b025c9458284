import { defineLab } from '../../lab-kit/define.ts';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Raw and PeerJS',
  summary:
    'The same call with the same chat, by the raw API or by PeerJS. How many connections, how many messages?',
  panels: ['tiles', 'timeline', 'ladder', 'sdp', 'candidates', 'states', 'stats'],
  arrangements: ['one-page'],
  signaling: 'server',
  media: true,
  controls: {
    api: { label: 'API', choices: { raw: 'Raw', peerjs: 'PeerJS' }, initial: 'raw' },
  },
  source,
  run,
});
