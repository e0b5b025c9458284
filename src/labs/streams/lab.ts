import { defineLab } from '../../lab-kit/define.ts';
import { Doctor } from './doctor.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Streams, tracks, elements',
  summary: 'A stream that really arrives and an element with all its switches: what stays black, and why.',
  panels: ['stats', 'ladder', 'sdp', 'states', 'timeline', 'faults', 'findings'],
  panel: { title: 'Autoplay doctor', component: Doctor },
  arrangements: ['one-page', 'two-tabs', 'two-devices'],
  media: true,
  controls: {
    from: {
      label: 'alice sends',
      choices: {
        clone: 'A clone of her own tracks',
        canvas: 'What a canvas draws, in grey',
        element: 'What a video element plays',
      },
      initial: 'clone',
    },
    stream: {
      label: 'addTrack()',
      choices: { named: 'With the stream', unnamed: 'Without a stream' },
      initial: 'named',
    },
  },
  source,
  run,
});
