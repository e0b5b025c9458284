import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'The level of a tone with an RMS of 0.1 is read from its largest sample.',
  because:
    'The largest sample is the peak, 3 dB more for a sine and 20 dB more for a click. Loudness goes by the energy: square, mean, root.',
  wrong: { chromium: '−17.0 dBFS', firefox: '−17.0 dBFS' },
  right: { chromium: '−20.0 dBFS', firefox: '−20.0 dBFS' },
});
