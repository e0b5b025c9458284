import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`track.stop()` fires `ended`, so one listener is enough for both ways to end.',
  because:
    'The event tells of what your code did not do: a plug was pulled, a permission taken back. When your own code stops a track, it knows, and looks at `readyState` if it does not.',
  wrong: { chromium: 'No event came.', firefox: 'No event came.' },
  right: { chromium: 'readyState is ended.', firefox: 'readyState is ended.' },
});
