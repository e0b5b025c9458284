import { defineLab } from '../../lab-kit/define.ts';
import { HandCarrier } from './hand.ts';
import { Hands } from './hands.tsx';
import { run } from './run.ts';
import source from './run.ts?raw';

export default defineLab({
  title: 'Signaling by hand',
  summary: 'Carry an offer and an answer yourself, by copy and paste: no server takes part.',
  panels: ['ladder', 'sdp', 'candidates', 'states', 'timeline', 'findings'],
  panel: { title: 'Your desk', component: Hands },
  arrangements: ['one-page', 'two-tabs'],
  carrier: (signal) => new HandCarrier(signal),
  controls: {
    seat: {
      label: 'With two tabs, this one',
      choices: { offerer: 'makes the offer', answerer: 'answers' },
      initial: 'offerer',
    },
  },
  source,
  run,
});
