import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: '`mandatory: { minWidth: 99999 }` rules out every camera.',
  because:
    'In Chromium, which still obeys the words of 2013. Firefox passes over what it does not know, and opens a camera of any size: what must hold is what is lost. Today it is said at the property.',
  wrong: { chromium: 'OverconstrainedError: width', firefox: 'A camera opened' },
  right: { chromium: 'OverconstrainedError: width', firefox: 'OverconstrainedError: width' },
  asks: 'camera',
  limitMs: 30_000,
});
