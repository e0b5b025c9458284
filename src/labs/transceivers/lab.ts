import { defineLab } from '../../lab-kit/define.ts';
import { run } from './run.ts';
import source from './run.ts?raw';
import { Transceivers } from './transceivers.tsx';

export default defineLab({
  title: 'Tracks, transceivers, directions',
  summary: 'The transceivers of both ends, side by side: add, hold, replace and stop them in a running call.',
  panels: ['tiles', 'ladder', 'sdp', 'timeline', 'stats', 'states', 'candidates', 'faults', 'findings'],
  panel: { title: 'Transceivers', component: Transceivers },
  // The bot never offers and adds nothing of its own.
  arrangements: ['one-page', 'two-tabs', 'two-devices'],
  media: true,
  controls: {
    bob: {
      label: 'bob, when the offer comes',
      choices: {
        'add-track': 'answers with addTrack()',
        'add-transceiver': 'answers with addTransceiver()',
        nothing: 'adds nothing: he only receives',
      },
      initial: 'add-track',
    },
    streams: {
      label: 'addTrack()',
      choices: { one: 'with its stream', none: 'without a stream' },
      initial: 'one',
    },
  },
  source,
  run,
});
