import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`getStats(callback)` hands over a list of statistics.',
  because:
    'It did in Chrome, in a format of its own, until 117. The standard’s method takes a track or nothing, and gives a promise of a map (webrtc-pc §8.2).',
  wrong: { chromium: 'TypeError', firefox: 'TypeError' },
  right: { chromium: 'a map of statistics', firefox: 'a map of statistics' },
});
