import { defineLab } from '../../lab-kit/define.ts';
import { viewersOf } from './desk.ts';
import { SfuPanel } from './panel.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'The SFU',
  summary:
    'alice sends once, the server of this site forwards to each viewer the size that fits: its live table of who is sent what, and why.',
  panels: ['ladder', 'stats', 'sdp', 'states', 'timeline', 'candidates', 'findings'],
  panel: { title: 'Forward table', component: SfuPanel },
  pairs: ({ viewers = '2' }) => [
    ['alice-sfu', 'sfu-alice'],
    ...viewersOf(viewers).map((viewer) => [`sfu-${viewer}`, `${viewer}-sfu`] as const),
  ],
  controls: {
    viewers: { label: 'Viewers', choices: { '1': '1', '2': '2', '4': '4', '6': '6' }, initial: '2' },
    encodings: {
      label: 'alice encodes',
      choices: { three: 'three sizes (simulcast)', one: 'one size' },
      initial: 'three',
    },
  },
  source,
  run,
});
