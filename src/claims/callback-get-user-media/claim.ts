import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`navigator.getUserMedia()` takes a success and an error callback.',
  because:
    'Chromium still does as in 2013. In Firefox there is no such method: the standard has the callback form as an optional interface for old pages only (mediacapture-main §10.3). The promise of `mediaDevices` is in both.',
  wrong: {
    chromium: 'The error callback ran: OverconstrainedError',
    firefox: 'TypeError: navigator.getUserMedia is not a function',
  },
  right: {
    chromium: 'The promise was rejected: OverconstrainedError',
    firefox: 'The promise was rejected: OverconstrainedError',
  },
});
