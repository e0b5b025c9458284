import { defineClaim } from '../../lab-kit/claim/define.ts';

export default defineClaim({
  says: 'While a recorder runs, what it has recorded arrives by itself, so that a crash loses little.',
  because:
    'Without a time slice everything comes in one piece, after `stop()`. Give `start()` the milliseconds after which you want a piece.',
  wrong: { chromium: '0 pieces', firefox: '0 pieces' },
  right: { chromium: 'A piece came', firefox: 'A piece came' },
});
