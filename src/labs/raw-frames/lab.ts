import { defineLab } from '../../lab-kit/define.ts';
import { MillPanel } from './mill-panel.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Raw frames',
  summary: 'Each frame of a call passes through a worker: stamped, cropped, blurred, dropped, and counted.',
  panels: ['tiles', 'stats', 'ladder', 'sdp', 'states', 'timeline', 'faults', 'findings'],
  panel: { title: 'The frames', component: MillPanel },
  arrangements: ['one-page', 'two-tabs', 'two-devices'],
  media: true,
  controls: {
    work: {
      label: 'In the worker',
      choices: {
        stamp: 'Stamp words on it',
        crop: 'Crop to the middle',
        background: 'Blur around a mask',
        webgl: 'Two colours, with WebGL',
        drop: 'Drop every second frame',
        nothing: 'Nothing',
      },
      initial: 'stamp',
    },
    way: {
      label: 'The way there',
      choices: { streams: 'Streams of frames (Chromium)', canvas: 'Video element and canvas' },
      initial: 'streams',
    },
    sound: {
      label: 'Sound',
      choices: { untouched: 'Untouched', lowpass: 'Low-pass at 500 Hz (Chromium)' },
      initial: 'untouched',
    },
    closes: {
      label: 'Frames are closed',
      choices: { yes: 'Each of them', no: 'No: 200 are kept' },
      initial: 'yes',
    },
  },
  source,
  run,
});
